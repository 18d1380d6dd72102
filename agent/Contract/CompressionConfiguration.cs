namespace ClusterTrail.Contract;

public enum CompressionType
{
    Zstd,
    Gzip,
}

/// <summary>How a batch is compressed.</summary>
public sealed record CompressionConfiguration
{
    /// <summary>The least and the most that a level may be, of either type.</summary>
    public const int MinLevel = 1, MaxLevel = 9;

    const int DefaultZstdLevel = 1;
    const int DefaultGzipLevel = 6;

    /// <summary>The default is Zstd.</summary>
    public CompressionType Type { get; init; } = CompressionType.Zstd;

    /// <summary>
    /// 1 (fastest) to 9 (smallest). The default is 1 for Zstd and 6 for Gzip, see docs/decisions/0005-zstd-by-default.md.
    /// </summary>
    public int? Level { get; init; }

    /// <summary>The level, or the type's default.</summary>
    public int LevelOrDefault() => Level ?? (Type == CompressionType.Zstd ? DefaultZstdLevel : DefaultGzipLevel);
}
