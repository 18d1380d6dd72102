using System.Globalization;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Operator.Events;

/// <summary>Findings of one rule, to be reported in one Event.</summary>
/// <param name="During">The time in which they were collected; zero if they were seen in one poll.</param>
sealed record FindingReport(FindingsStatus Newest, long Count, IReadOnlyList<string> Nodes, TimeSpan During)
{
    const int MostNodes = 10;

    public string Rule => Newest.Rule;

    /// <summary>Without names of users and objects: who may read Events need not be who may read the archive.</summary>
    public string Note =>
        $"{Rule} ({Newest.Severity}): {Findings} {Newest.LastAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}, eventID {Newest.LastEventId}: "
            + $"{Newest.Description}";

    string Findings =>
        Count == 1 ? $"a finding on {On} at" : $"{Count.ToString(CultureInfo.InvariantCulture)} findings on {On}{InTheLast}, the newest at";

    string On => string.Join(", ", Nodes.Take(MostNodes)) + (Nodes.Count > MostNodes ? $" and {Nodes.Count - MostNodes} more" : "");

    string InTheLast =>
        During > TimeSpan.Zero
            ? $" in the last {Math.Max(1, Math.Round(During.TotalMinutes)).ToString(CultureInfo.InvariantCulture)} min"
            : "";
}
