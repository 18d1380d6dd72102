namespace ClusterTrail.Agent.Sources.Processes;

/// <summary>A control group with processes, and what the agent knows of the container that it belongs to.</summary>
/// <param name="container">Null outside any container.</param>
sealed class RunningContainer(CgroupContainer? container, TokenBucket rate)
{
    public CgroupContainer? Container => container;

    /// <summary>The container's id; null outside any container.</summary>
    public string? Id => container?.Id;

    /// <summary>What Kubernetes calls it; null while nobody knows.</summary>
    public ContainerNames? Names { get; set; }

    /// <summary>The member "container" of a line of the journal; empty outside any container.</summary>
    public byte[] Json { get; set; } = [];

    public TokenBucket Rate => rate;

    /// <summary>How many of its processes were too many and are not recorded, since that was last reported.</summary>
    public long Suppressed { get; set; }

    /// <summary>When the first of them was, in microseconds since 1970.</summary>
    public long SuppressedSince { get; set; }

    public long SeenAt { get; set; }
}
