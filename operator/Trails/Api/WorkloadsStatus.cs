namespace ClusterTrail.Trails.Api;

/// <summary>What the agents on all nodes do. Nothing if there are none.</summary>
public sealed record WorkloadsStatus
{
    /// <summary>How many nodes should have an agent.</summary>
    public int Nodes { get; init; }

    public int Ready { get; init; }

    public int Reporting { get; init; }

    public string? Summary { get; init; }

    public long? Pods { get; init; }

    public long? Lines { get; init; }

    public long? Processes { get; init; }

    public long? Lost { get; init; }

    public long? Gaps { get; init; }

    public long? SpoolBytes { get; init; }

    /// <summary>Of so many nodes, those with a problem first.</summary>
    public IReadOnlyList<TrailNode>? Agents { get; init; }
}
