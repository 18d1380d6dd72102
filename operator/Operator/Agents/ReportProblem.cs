using ClusterTrail.Contract;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Operator.Agents;

/// <summary>Why an agent's report cannot be trusted. Pure.</summary>
/// <remarks>
/// Guarantee: whatever a pod answers, it neither makes the status of its Trail fail, nor reports about another node's or Trail's agents.
/// </remarks>
static class ReportProblem
{
    // Agents have two sources and one sink.
    const int MostParts = 16;

    // All packs have fewer than 200 rules.
    const int MostRules = 1000;

    // Sums of many such stay below what a counter can hold.
    const long Most = 1L << 53;
    const double MostSeconds = 1e10;

    static readonly string[] Severities = ["critical", "high", "medium", "low", "info"];

    /// <param name="status">What it answered.</param>
    /// <param name="trail">The Trail that its pod belongs to.</param>
    /// <param name="node">The node that its pod is on.</param>
    /// <param name="now">The operator's time.</param>
    public static string? Of(AgentStatus? status, string trail, string node, DateTimeOffset now)
    {
        if (status is null || !IsComplete(status))
            return "its status lacks a field that every agent reports.";
        if (status.Agent.Trail != trail)
            return $"the agent of Trail {CleanReport.Text(status.Agent.Trail, CleanReport.LongestName)} answers there.";
        if (status.Agent.NodeName != node)
            return $"the agent of node {CleanReport.Text(status.Agent.NodeName, CleanReport.LongestName)} answers there.";
        if (status.Agent.StartedAt > now + CleanReport.ClocksDiffer)
            return "it says that it started in the future.";
        if (status.Sources.Count > MostParts || status.Sinks.Count > MostParts
            || status.Detections is { Findings.Count: > MostRules } or { CannotFire.Count: > MostRules })
            return "a list of its status is too long.";
        if (!Counters(status).All(count => count is >= 0 and <= Most)
            || !Durations(status).All(seconds => seconds is >= 0 and <= MostSeconds))
            return "a number of its status is out of range.";
        return !AreNames(status) ? "its status contains a name that no agent reports."
            : status.Selectors.Policy is { } policy && PolicyProblem.Of(policy) is { } wrong ? wrong
            : status.Integrity is { } integrity ? IntegrityProblem.Of(integrity, now)
            : null;
    }

    static bool IsComplete(AgentStatus status) =>
        status is
        {
            ConfigHash: not null,
            Agent: { Version: not null, Revision: not null, ClusterName: not null, NodeName: not null, Trail: not null },
            Selectors.Hash: not null,
            Spool: not null,
        }
        && IsWhole(status.Sources, source => source is { Name: not null, Path: not null, File: not null })
        && IsWhole(status.Sinks, IsComplete)
        && (status.Notifications is null || IsComplete(status.Notifications))
        && status.Immutability is null or { Reason: not null, Message: not null, Object: not null }
        && (status.Detections is null || IsComplete(status.Detections));

    static bool IsComplete(SinkStatus sink) =>
        sink.Description is not null
            && sink.LastDelivery is null or { Object: not null }
            && sink.LastError is null or { Code: not null, Message: not null }
            && sink.FirstAside is null or { Batch: not null, Code: not null, Message: not null };

    static bool IsComplete(DetectionsStatus detections) =>
        detections.Hash is not null
            && IsWhole(
                detections.Findings,
                finding => finding is { Rule: not null, Severity: not null, Description: not null, LastEventId: not null })
            && IsWhole(detections.CannotFire, blind => blind is { Rule: not null, Needs: not null });

    static bool IsWhole<T>(IReadOnlyList<T>? list, Func<T, bool> isComplete) =>
        list?.All(item => item is not null && isComplete(item)) == true;

    static bool AreNames(AgentStatus status) =>
        status.Sources.All(source => Enum.IsDefined(source.State) && Enum.IsDefined(source.Processes?.Method ?? default))
            && (status.Detections?.Findings ?? []).All(finding => IsRule(finding.Rule) && Severities.Contains(finding.Severity))
            && (status.Detections?.CannotFire ?? []).All(blind => IsRule(blind.Rule));

    static bool IsRule(string name) => name.Length <= CleanReport.LongestName && Contracts.IsName(name);

    static IEnumerable<long> Counters(AgentStatus status) =>
    [
        .. status.Sources.SelectMany(source =>
            new[]
            {
                source.ReadEvents, source.SelectedEvents, source.AggregatedEvents ?? 0, source.InsightRecords ?? 0, source.Gaps,
                source.LagBytes, source.Offset, source.Counted?.Lines ?? 0,
            }),
        .. status.Sources.Select(source => source.Processes).OfType<ProcessesStatus>().SelectMany(processes => new[]
        {
            processes.RecordedEvents, processes.LostEvents, processes.RateLimitedEvents, processes.UnattributedEvents, processes.Containers,
        }),
        .. status.Sources.Select(source => source.Containers).OfType<ContainersStatus>().SelectMany(containers => new long[]
        {
            containers.Pods, containers.Undecided, containers.WaitingSeconds ?? 0,
        }),
        .. status.Sources.Select(source => source.Receiver).OfType<ReceiverStatus>().SelectMany(receiver => new[]
        {
            receiver.JournalBytes, receiver.JournalLimitBytes, receiver.ReceivedEvents, receiver.RepeatedRequests,
            receiver.DeferredRequests, receiver.RefusedRequests,
        }),
        .. status.Sinks.Append(status.Notifications).OfType<SinkStatus>().SelectMany(sink => new[]
        {
            sink.DeliveredEvents, sink.DeliveredBatches, sink.AsideBatches ?? 0,
            sink.LastError?.Attempts ?? 0, sink.FirstAside?.Attempts ?? 0,
        }),
        .. (status.Detections?.Findings ?? []).Select(findings => findings.Count),
        .. (status.Detections?.CannotFire ?? []).Select(blind => blind.Events),
        .. (status.Selectors.Policy?.Shortfalls ?? []).Select(shortfall => shortfall?.Events ?? 0),
        status.Selectors.Policy?.Events ?? 0, status.Selectors.Policy?.Others ?? 0,
        status.Spool.Batches, status.Spool.Bytes, status.Spool.LimitBytes, status.Selectors.RuleSets, status.Detections?.Rules ?? 0,
    ];

    // Not a number is in no range.
    static IEnumerable<double> Durations(AgentStatus status) =>
        status.Sources.Select(source => source.LagSeconds)
            .Concat(status.Sources.Select(source => Math.Max(0, source.Counted?.AgeSeconds ?? 0)))
            .Append(status.Selectors.Policy?.ObservedSeconds ?? 0)
            .Append(status.Spool.OldestAgeSeconds);
}
