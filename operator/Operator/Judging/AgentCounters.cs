using ClusterTrail.Contract.Status;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Judging;

/// <summary>
/// What the agents of a Trail have counted since it was made. Agents count from their start; the sums do not drop when one restarts.
/// Pure.
/// </summary>
sealed record AgentCounters
{
    public long ReadEvents { get; init; }

    public long SelectedEvents { get; init; }

    /// <summary>Events that were counted instead of recorded.</summary>
    public long AggregatedEvents { get; init; }

    public long DeliveredEvents { get; init; }

    public long DeliveredBatches { get; init; }

    public long Gaps { get; init; }

    /// <summary>Lines of containers that were recorded.</summary>
    public long Lines { get; init; }

    /// <summary>Programs that were recorded.</summary>
    public long Processes { get; init; }

    /// <summary>Programs that were seen, or counted, and not recorded.</summary>
    public long Lost { get; init; }

    public FindingsBySeverity Findings { get; init; } = new();

    public long AllFindings =>
        Saturating.Sum(new[] { Findings.Critical, Findings.High, Findings.Medium, Findings.Low, Findings.Info }
            .Select(count => count ?? 0));

    /// <summary>What an agent has counted since it started.</summary>
    public static AgentCounters Of(AgentStatus status) => new()
    {
        ReadEvents = Saturating.Sum(status.Sources.Select(source => source.ReadEvents)),
        SelectedEvents = Saturating.Sum(status.Sources.Select(source => source.SelectedEvents)),
        AggregatedEvents = Saturating.Sum(status.Sources.Select(source => source.AggregatedEvents ?? 0)),
        DeliveredEvents = Saturating.Sum(status.Sinks.Select(sink => sink.DeliveredEvents)),
        DeliveredBatches = Saturating.Sum(status.Sinks.Select(sink => sink.DeliveredBatches)),
        Gaps = Saturating.Sum(status.Sources.Select(source => source.Gaps)),
        Lines = Saturating.Sum(status.Sources.Where(source => source.Containers is not null).Select(source => source.SelectedEvents)),
        Processes = Saturating.Sum(status.Sources.Select(source => source.Processes?.RecordedEvents ?? 0)),
        Lost = Saturating.Sum(status.Sources.Select(source => source.Processes is { } seen
            ? Saturating.Add(seen.LostEvents, seen.RateLimitedEvents)
            : 0)),
        Findings = Of(status.Detections?.Findings ?? []),
    };

    /// <summary>What a Trail's status says.</summary>
    public static AgentCounters Of(TrailStatus? status) => new()
    {
        ReadEvents = status?.ReadEvents ?? 0,
        SelectedEvents = status?.SelectedEvents ?? 0,
        AggregatedEvents = status?.AggregatedEvents ?? 0,
        DeliveredEvents = status?.DeliveredEvents ?? 0,
        DeliveredBatches = status?.DeliveredBatches ?? 0,
        Gaps = status?.Gaps ?? 0,
        Findings = status?.Detections?.BySeverity ?? new(),
    };

    /// <summary>What a Trail's status says of agents on all nodes. Findings are among those of all agents.</summary>
    public static AgentCounters Of(WorkloadsStatus? status) => new()
    {
        Gaps = status?.Gaps ?? 0,
        Lines = status?.Lines ?? 0,
        Processes = status?.Processes ?? 0,
        Lost = status?.Lost ?? 0,
    };

    /// <summary>What was counted of a node's agent before.</summary>
    public static AgentCounters Of(TrailNode node) => new()
    {
        ReadEvents = node.ReadEvents ?? 0,
        SelectedEvents = node.SelectedEvents ?? 0,
        AggregatedEvents = node.AggregatedEvents ?? 0,
        DeliveredEvents = node.DeliveredEvents ?? 0,
        DeliveredBatches = node.DeliveredBatches ?? 0,
        Gaps = node.Gaps ?? 0,
        Lines = node.Lines ?? 0,
        Processes = node.Processes ?? 0,
        Lost = node.Lost ?? 0,
        Findings = node.Findings ?? new(),
    };

    /// <summary>
    /// What was counted between two looks at one process. Rules that were off in between count from zero, so nothing is less than nothing.
    /// </summary>
    public AgentCounters Since(AgentCounters before) => Combine(before, (now, then) => Math.Max(0, now - then));

    public AgentCounters Plus(AgentCounters other) => Combine(other, Saturating.Add);

    static FindingsBySeverity Of(IEnumerable<FindingsStatus> findings)
    {
        var counts = findings.GroupBy(finding => finding.Severity)
            .ToDictionary(of => of.Key, long? (of) => Saturating.Sum(of.Select(finding => finding.Count)));
        return new()
        {
            Critical = counts.GetValueOrDefault("critical"),
            High = counts.GetValueOrDefault("high"),
            Medium = counts.GetValueOrDefault("medium"),
            Low = counts.GetValueOrDefault("low"),
            Info = counts.GetValueOrDefault("info"),
        };
    }

    AgentCounters Combine(AgentCounters other, Func<long, long, long> with) => new()
    {
        ReadEvents = with(ReadEvents, other.ReadEvents),
        SelectedEvents = with(SelectedEvents, other.SelectedEvents),
        AggregatedEvents = with(AggregatedEvents, other.AggregatedEvents),
        DeliveredEvents = with(DeliveredEvents, other.DeliveredEvents),
        DeliveredBatches = with(DeliveredBatches, other.DeliveredBatches),
        Gaps = with(Gaps, other.Gaps),
        Lines = with(Lines, other.Lines),
        Processes = with(Processes, other.Processes),
        Lost = with(Lost, other.Lost),
        Findings = new()
        {
            Critical = Combine(Findings.Critical, other.Findings.Critical, with),
            High = Combine(Findings.High, other.Findings.High, with),
            Medium = Combine(Findings.Medium, other.Findings.Medium, with),
            Low = Combine(Findings.Low, other.Findings.Low, with),
            Info = Combine(Findings.Info, other.Findings.Info, with),
        },
    };

    // A severity without findings is left out.
    static long? Combine(long? one, long? other, Func<long, long, long> with) =>
        (one, other) is (null, null) ? null : with(one ?? 0, other ?? 0);
}
