using System.Globalization;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Judging;

/// <summary>Whether every event that API servers made was read, by their own counts. Pure.</summary>
/// <remarks>It takes no part in Ready: what is missing is missing, and agents go on.</remarks>
static class CompleteCondition
{
    public const string Type = "Complete";

    // A restart of an API server or an agent is no news for as long.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static IEnumerable<Verdict> Evaluate(TrailView view)
    {
        if (CompletenessView.Compares(view.Trail))
            yield return Judge(view);
    }

    static Verdict Judge(TrailView view)
    {
        if (view.Completeness is not { } completeness)
            return view.Same(Type) ?? new(Type, null, "NotCompared", "The counts of API servers and agents are not compared yet.");
        var counts = completeness.Counts;
        if (counts.FirstOrDefault(count => count.MissingAtLeast + count.EarlierMissing > 0) is { } lossy)
            return new(Type, false, lossy.Reason ?? CompletenessReasons.AnotherLog, Missing(lossy));
        if (counts.FirstOrDefault(count => count.SurplusAtLeast > 0) is { } more)
            return new(Type, null, CompletenessReasons.AnotherWriter, Surplus(more));
        if (completeness.Problem is { } problem)
        {
            return view.Same(Type) is { Holds: true } same && view.Now - completeness.ProblemSince < Patience ? same
                : new(Type, null, "NotCompared", $"What API servers made and agents read cannot be compared: {Sentence.Of(problem)}");
        }

        return new(Type, true, "AllRead", $"Every event that API servers made was read, by their own count{Exactness(counts)}.");
    }

    static string Missing(TrailCompleteness count)
    {
        var (least, most) = (count.MissingAtLeast + count.EarlierMissing, count.MissingAtMost + count.EarlierMissing);
        var number = least == most ? Number(least) : $"{Number(least)} to {Number(most)}";
        return $"{Of(count)}: {number} events that the API server made were not read, found {count.FoundAt:yyyy-MM-ddTHH:mm:ssZ}. "
            + $"{Likely(count.Reason)} See the runbook events-missing. This is told for a day.";
    }

    static string Surplus(TrailCompleteness count) =>
        $"{Of(count)}: {Number(count.SurplusAtLeast)} more events were read than the API servers made. Something else writes to the same "
            + "log, or an API server is not among the endpoints of the Service kubernetes.";

    // No counts: they change with each look, and a status should not.
    static string Exactness(IReadOnlyList<TrailCompleteness> counts)
    {
        var doubt = counts.Select(count => count.MissingAtMost).DefaultIfEmpty().Max();
        return doubt <= 0 ? "" : doubt <= 100 ? ", to within 100 events" : doubt <= 10_000 ? ", to within 10,000 events" : ", roughly";
    }

    static string Of(TrailCompleteness count) => count.Name == CompletenessView.All ? "Of all API servers" : $"On {count.Name}";

    static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    static string Likely(string? reason) => reason switch
    {
        CompletenessReasons.WebhookOverflow =>
            "API servers dropped events that they could not send (apiserver_audit_error_total): raise --audit-webhook-batch-buffer-size.",
        CompletenessReasons.LogNotWritten => "The API server could not write to its log (apiserver_audit_error_total): look at its disk.",
        CompletenessReasons.RotatedAway =>
            "Files were rotated away before they were read: raise --audit-log-maxbackup, and see why the agent was away or blocked.",
        _ =>
            "Most likely the API server writes another log as well, or its log was changed: compare --audit-log-path "
                + "with spec.sources.apiServer.",
    };
}
