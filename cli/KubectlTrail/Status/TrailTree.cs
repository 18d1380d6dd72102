using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Kubectl.Status;

/// <summary>All that a Trail's status says, as a tree. Pure.</summary>
static class TrailTree
{
    /// <param name="width">Of the terminal that it is for; null: lines are as long as they are.</param>
    internal static IReadOnlyList<string> Lines(Trail trail, DateTimeOffset now, int? width = null) => [.. Of(trail, now).Lines(width)];

    internal static Branch Of(Trail trail, DateTimeOffset now) =>
        new($"Trail {trail.Metadata.Name}: {Word(trail, now)}", [.. Branches(trail, now)]);

    /// <summary>What is wrong with a Trail that is Ready all the same; null if nothing is.</summary>
    internal static Branch? Faults(Trail trail, DateTimeOffset now)
    {
        List<V1Condition> faults = [.. (trail.Status?.Conditions ?? []).Where(condition => condition.Status == "False")];
        return faults.Count == 0 ? null
            : Branch.OfRows($"Trail {trail.Metadata.Name}: Ready, but", faults.Select(condition => Cells(condition, trail.Status!, now)));
    }

    static string Word(Trail trail, DateTimeOffset now) => trail switch
    {
        { Metadata.DeletionTimestamp: not null } => "being deleted",
        _ when Readiness.IsOld(trail, now) => "unknown",
        _ when Readiness.IsReady(trail, now) => "Ready",
        _ => "not Ready",
    };

    static IEnumerable<Branch> Branches(Trail trail, DateTimeOffset now)
    {
        if (trail.Status is not { } status)
        {
            yield return new("no status: the operator has not seen this Trail; is it running?", []);
            yield break;
        }

        if (Readiness.IsOld(trail, now))
        {
            var since = Ago(status.LastObservedTime, now);
            yield return new($"this status is old: the operator last asked the agents at {since}; is the operator running?", []);
        }

        if (Readiness.IsOutdated(trail))
            yield return new(
                $"what follows is of generation {status.ObservedGeneration}; "
                    + $"the operator has not seen generation {trail.Metadata.Generation} yet",
                []);
        yield return Branch.OfRows("conditions", (status.Conditions ?? []).Select(condition => Cells(condition, status, now)));
        var nodes = Branch.OfRows($"agents: {Summary(status)}", (status.Nodes ?? []).Select(node => Cells(node, status)));
        yield return nodes with { Branches = [.. nodes.Branches, .. Unlisted(status)] };
        if (status.Workloads is { } workloads)
            yield return WorkloadsBranch.Of(workloads);
        yield return Branch.OfRows($"delivered: {Counters(status)}", Newest(status, now));
        if (status.Detections is { } detections)
            yield return DetectionsBranch.Of(detections, now);
    }

    static string?[] Cells(V1Condition condition, TrailStatus status, DateTimeOffset now) =>
    [
        condition.Type, condition.Status, condition.Reason,
        Quantity.Age(condition.LastTransitionTime == default ? null : condition.LastTransitionTime, now),
        condition.Status == "True" ? null : condition.Type == Readiness.Ready ? Once(condition.Message, status) : condition.Message,
    ];

    static string?[] Cells(TrailNode node, TrailStatus status) =>
        [node.Name, string.Join(", ", new[] { node.State, node.Reason }.OfType<string>()), Once(node.Message, status)];

    // Ready repeats the condition that has the cause, and that one often what a node says.
    static string? Once(string? message, TrailStatus status) =>
        string.IsNullOrEmpty(message) ? null
        : status.Conditions?.FirstOrDefault(condition => Contains(condition, message)) is { } same ? $"see {same.Type}"
        : message;

    static bool Contains(V1Condition condition, string message) =>
        condition.Type != Readiness.Ready
            && condition.Status != "True"
            && condition.Message?.Contains(message, StringComparison.Ordinal) == true;

    static string Summary(TrailStatus status)
    {
        var agents = status.Agents ?? new();
        return $"{agents.Ready} of {agents.Desired} ready, {agents.Reporting} reporting; "
            + (agents.Nodes > agents.Desired ? $"{Quantity.Counted(agents.Nodes - agents.Desired, "node")} without one; " : "")
            + (status.Lag is { } lag ? $"lag {lag} ({Quantity.Bytes(status.LagBytes ?? 0)})" : "lag unknown");
    }

    // A status names the first hundred nodes.
    static IEnumerable<Branch> Unlisted(TrailStatus status)
    {
        var more = Math.Max(status.Agents?.Desired ?? 0, status.Agents?.Nodes ?? 0) - (status.Nodes?.Count ?? 0);
        return more > 0 ? [new($"and {more} more", [])] : [];
    }

    static string Counters(TrailStatus status) => string.Join("; ",
    [
        $"{Quantity.Counted(status.DeliveredEvents ?? 0, "event")} in {Quantity.Counted(status.DeliveredBatches ?? 0, "object")} to "
            + $"{status.Sink ?? "an unknown place"}",
        $"{Quantity.Count(status.ReadEvents ?? 0)} read, {Quantity.Count(status.SelectedEvents ?? 0)} selected"
            + (status.AggregatedEvents is > 0 and var counted ? $", {Quantity.Count(counted)} only counted" : ""),
        $"{Quantity.Bytes(status.SpoolBytes ?? 0)} in the spool",
        status.Gaps is > 0 and var gaps ? Quantity.Counted(gaps, "gap") : "no gaps",
    ]);

    static IEnumerable<string?[]> Newest(TrailStatus status, DateTimeOffset now) =>
    [
        ["last event", Ago(status.LastEventTime, now)],
        ["last delivery", Ago(status.LastDeliveryTime, now)],
        ["last object", status.LastObject ?? "none"],
    ];

    internal static string Ago(DateTimeOffset? time, DateTimeOffset now) =>
        time is { } at ? $"{at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}, {Quantity.Age(at, now)} ago" : "none";
}
