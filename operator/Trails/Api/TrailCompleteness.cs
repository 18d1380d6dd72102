namespace ClusterTrail.Trails.Api;

/// <summary>
/// How what an API server has made compares with what an agent has read. The offsets let the comparison go on after a restart.
/// </summary>
public sealed record TrailCompleteness
{
    /// <summary>The node, or all API servers.</summary>
    public required string Name { get; init; }

    /// <summary>Since when both count without a restart.</summary>
    public required DateTimeOffset Since { get; init; }

    public DateTimeOffset? LastAt { get; init; }

    /// <summary>How many events the API servers have made since they started.</summary>
    public long Events { get; init; }

    public long MissingAtLeast { get; init; }

    public long MissingAtMost { get; init; }

    /// <summary>How many more events were read than made, at least.</summary>
    public long SurplusAtLeast { get; init; }

    /// <summary>What was missing when the API server or the agent restarted, of the last day.</summary>
    public long EarlierMissing { get; init; }

    public DateTimeOffset? FoundAt { get; init; }

    public string? Reason { get; init; }

    public required string Server { get; init; }

    public required string Agent { get; init; }

    public long OffsetLeast { get; init; }

    public long OffsetMost { get; init; }

    public long CurrentLeast { get; init; }

    public long CurrentMost { get; init; }

    /// <summary>What API servers could not log, and what they dropped before it was sent, and the agents' gaps, when a loss was found
    /// last: what is counted more by then is its reason. Older operators do not write them.</summary>
    public long? NotLogged { get; init; }

    public long? NotSent { get; init; }

    public long? Gaps { get; init; }
}
