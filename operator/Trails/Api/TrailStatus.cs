using k8s.Models;

namespace ClusterTrail.Trails.Api;

/// <summary>What the operator sees of a Trail.</summary>
public sealed record TrailStatus
{
    public long? ObservedGeneration { get; init; }

    public string? Sink { get; init; }

    /// <summary>When the operator last polled the agents. If it is older than an hour, the operator does not run.</summary>
    public DateTimeOffset? LastObservedTime { get; init; }

    public AgentsStatus? Agents { get; init; }

    public string? Lag { get; init; }

    public long? LagBytes { get; init; }

    public long? Gaps { get; init; }

    public long? ReadEvents { get; init; }

    public long? SelectedEvents { get; init; }

    /// <summary>Events that were counted instead of recorded; left out without any.</summary>
    public long? AggregatedEvents { get; init; }

    public long? DeliveredEvents { get; init; }

    public long? DeliveredBatches { get; init; }

    public long? SpoolBytes { get; init; }

    public DateTimeOffset? LastEventTime { get; init; }

    public DateTimeOffset? LastDeliveryTime { get; init; }

    public string? LastObject { get; init; }

    public SelectorsSyncStatus? Selectors { get; init; }

    public DetectionsSyncStatus? Detections { get; init; }

    /// <summary>How what API servers made compares with what was read.</summary>
    public IReadOnlyList<TrailCompleteness>? Completeness { get; init; }

    public TrailIntegrityStatus? Integrity { get; init; }

    public IReadOnlyList<TrailNode>? Nodes { get; init; }

    public WorkloadsStatus? Workloads { get; init; }

    public IReadOnlyList<V1Condition>? Conditions { get; init; }
}

public sealed record AgentsStatus
{
    /// <summary>How many control-plane nodes should have an agent.</summary>
    public int Nodes { get; init; }

    public int Desired { get; init; }

    public int Ready { get; init; }

    public int Reporting { get; init; }

    public string? Summary { get; init; }
}

public sealed record SelectorsSyncStatus
{
    public int Attached { get; init; }

    public string? Hash { get; init; }

    public int Synced { get; init; }
}

public sealed record TrailNode
{
    public required string Name { get; init; }

    public string? Pod { get; init; }

    public string? State { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    /// <summary>When the agent last answered.</summary>
    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>Since when the node could have an agent and has none.</summary>
    public DateTimeOffset? MissingSince { get; init; }

    /// <summary>When the agent started whose counters these are.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public long? ReadEvents { get; init; }

    public long? SelectedEvents { get; init; }

    /// <summary>Events that were counted instead of recorded; left out without any.</summary>
    public long? AggregatedEvents { get; init; }

    public long? DeliveredEvents { get; init; }

    public long? DeliveredBatches { get; init; }

    public long? Gaps { get; init; }

    public FindingsBySeverity? Findings { get; init; }

    /// <summary>The newest digest that the sink has confirmed. It only ever moves forward.</summary>
    public TrailHead? Head { get; init; }

    /// <summary>The newest digest that the agent has sealed, while digests have waited for the sink for two minutes or longer.</summary>
    public TrailSealed? Sealed { get; init; }

    public long? Lines { get; init; }

    public long? Processes { get; init; }

    public long? Lost { get; init; }

    /// <summary>Batches that waited for the sink when the agent last answered.</summary>
    public long? SpoolBatches { get; init; }
}
