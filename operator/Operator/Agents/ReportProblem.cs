using ClusterTrail.Contract.Status;

namespace ClusterTrail.Operator.Agents;

/// <summary>Why an agent's report cannot be trusted. Pure.</summary>
/// <remarks>
/// Guarantee: whatever a pod answers, it neither makes the status of its Trail fail, nor reports about another Trail's agents.
/// </remarks>
static class ReportProblem
{
    // Sums of many such stay far below what a counter can hold.
    const long Most = 1L << 53;

    public static string? Of(AgentStatus? status, string trail)
    {
        if (status is not { Agent: not null, Selectors: not null, Spool: not null }
            || !IsWhole(status.Sources) || !IsWhole(status.Sinks) || !IsWhole(status.Detections))
            return "its status lacks a field that every agent reports.";
        if (status.Agent.Trail != trail)
            return $"the agent of Trail {status.Agent.Trail} answers there.";
        return Counters(status).All(count => count is >= 0 and <= Most) ? null : "a counter of its status is out of range.";
    }

    static bool IsWhole<T>(IReadOnlyList<T>? list) => list?.All(item => item is not null) == true;

    static bool IsWhole(DetectionsStatus? detections) =>
        detections is null || (IsWhole(detections.Findings) && IsWhole(detections.CannotFire));

    static IEnumerable<long> Counters(AgentStatus status) =>
    [
        .. status.Sources.SelectMany(source => new[] { source.ReadEvents, source.SelectedEvents, source.Gaps, source.LagBytes }),
        .. status.Sinks.SelectMany(sink => new[] { sink.DeliveredEvents, sink.DeliveredBatches }),
        .. (status.Detections?.Findings ?? []).Select(findings => findings.Count),
        status.Spool.Batches, status.Spool.Bytes,
    ];
}
