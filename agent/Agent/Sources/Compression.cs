namespace ClusterTrail.Agent.Sources;

/// <summary>How a rotated file was compressed.</summary>
enum Compression
{
    None,
    Gzip,
    Zstd,

    /// <summary>In a way that the agent cannot read.</summary>
    Unreadable,
}
