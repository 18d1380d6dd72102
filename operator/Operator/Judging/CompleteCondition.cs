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
        if (Newest(counts, count => count.MissingAtLeast + count.EarlierMissing > 0) is { Count: > 0 } lossy)
            return new(Type, false, lossy[0].Reason ?? CompletenessReasons.AnotherLog, Missing(lossy, IsSent(view.Trail)));
        if (Newest(counts, count => count.SurplusAtLeast > 0) is { Count: > 0 } more)
            return new(Type, null, CompletenessReasons.AnotherWriter, Surplus(more));
        if (completeness.Problem is { } problem)
        {
            return view.Same(Type) is { Holds: true } same && view.Now - completeness.ProblemSince < Patience ? same
                : new(Type, null, "NotCompared", $"What API servers made and agents read cannot be compared: {Sentence.Of(problem)}");
        }

        return counts.Count == 0 ? new(Type, null, "NotCompared", "The counts of API servers and agents are not compared yet.")
            : new(Type, true, "AllRead",
                $"Every event that API servers made since {Time(counts.Max(count => count.Since))} was read, by their own count"
                    + $"{Exactness(counts)}.");
    }

    // Nobody looks for the second node when the first one's loss is a day old.
    static List<TrailCompleteness> Newest(IEnumerable<TrailCompleteness> counts, Func<TrailCompleteness, bool> which) =>
        [.. counts.Where(which).OrderByDescending(count => count.FoundAt)];

    static bool IsSent(Trail trail) => trail.Spec.Sources.ApiServer.Type == ApiServerSourceType.Webhook;

    static string Missing(List<TrailCompleteness> lossy, bool isSent)
    {
        var count = lossy[0];
        var (least, most) = (count.MissingAtLeast + count.EarlierMissing, count.MissingAtMost + count.EarlierMissing);
        var number = least == most ? Number(least) : $"{Number(least)} to {Number(most)}";
        return $"{Of(count)}: {number} events that the API server made were not read, found {Time(count.FoundAt)}. "
            + $"{Likely(count.Reason, isSent)}{Others(lossy)} See the runbook events-missing. This is told for a day.";
    }

    static string Surplus(List<TrailCompleteness> more) =>
        $"{Of(more[0])}: {Number(more[0].SurplusAtLeast)} more events were read than the API servers made. Something else writes to the same "
            + $"log, or an API server is not among the endpoints of the Service kubernetes.{Others(more)}";

    static string Others(List<TrailCompleteness> counts) => counts.Count switch
    {
        1 => "",
        2 => $" So it is on {counts[1].Name}, found {Time(counts[1].FoundAt)}: see status.completeness.",
        _ => $" So it is on {counts.Count - 1} more nodes, such as {counts[1].Name}, found {Time(counts[1].FoundAt)}: see status.completeness.",
    };

    static string Time(DateTimeOffset? at) => at is { } known ? $"{known.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}" : "a while ago";

    // No counts: they change with each look, and a status should not.
    static string Exactness(IReadOnlyList<TrailCompleteness> counts)
    {
        var doubt = counts.Select(count => count.MissingAtMost).DefaultIfEmpty().Max();
        return doubt <= 0 ? "" : doubt <= 100 ? ", to within 100 events" : doubt <= 10_000 ? ", to within 10,000 events" : ", roughly";
    }

    static string Of(TrailCompleteness count) => count.Name == CompletenessView.All ? "Of all API servers" : $"On {count.Name}";

    static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    static string Likely(string? reason, bool isSent) => reason switch
    {
        CompletenessReasons.WebhookOverflow =>
            "API servers dropped events that they could not send (apiserver_audit_error_total): raise --audit-webhook-batch-buffer-size.",
        CompletenessReasons.LogNotWritten => "The API server could not write to its log (apiserver_audit_error_total): look at its disk.",
        CompletenessReasons.RotatedAway when isSent =>
            "The agent lost a part of what it had received: its gaps in status.nodes and in the digests say what.",
        CompletenessReasons.RotatedAway =>
            "Files were rotated away before they were read: raise --audit-log-maxbackup, and see why the agent was away or blocked.",
        _ when isSent =>
            "Nothing that is counted explains it. Most likely an API server was killed before it had sent them, or its webhook goes elsewhere: "
                + "compare the server of its --audit-webhook-config-file with the receiver.",
        _ =>
            "Nothing that is counted explains it. Most likely the API server writes another log as well, or somebody changed its log: compare "
                + "--audit-log-path with spec.sources.apiServer.",
    };
}
