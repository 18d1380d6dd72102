namespace ClusterTrail.Agent.Sources;

/// <summary>How far one log of a container was read: what a checkpoint keeps of it.</summary>
/// <param name="Path">POD/CONTAINER/RESTART, in the kubelet's names.</param>
/// <param name="File">The identity: a hash of the path and of how the log begins. Renaming and compressing do not change it.</param>
/// <param name="Offset">The first byte not read.</param>
/// <param name="Size">How many bytes it was seen to have.</param>
sealed record ContainerProgress(string Path, string File, long Offset, long Size)
{
    /// <summary>Whether it was written to when it was seen last.</summary>
    public bool? Live { get; init; }

    /// <summary>Whether it was told that the rest cannot be decompressed.</summary>
    public bool? Damaged { get; init; }

    /// <summary>Where a line of stdout begins that has no end before <see cref="Offset"/>; it is read again.</summary>
    public long? Output { get; init; }

    /// <summary>The same of stderr.</summary>
    public long? Error { get; init; }
}
