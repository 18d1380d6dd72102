namespace ClusterTrail.Archive;

/// <summary>How a batch is compressed.</summary>
public enum Codec
{
    /// <summary>RFC 8878.</summary>
    Zstd,

    /// <summary>RFC 1952.</summary>
    Gzip,
}
