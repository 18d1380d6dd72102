using ClusterTrail.Contract;

namespace ClusterTrail.Trails.Api;

/// <summary>When a batch of a Trail closes, and how it is compressed.</summary>
public sealed record TrailBatch
{
    /// <summary>What an older schema wrote into every Trail that said nothing of it.</summary>
    public const int OlderDefaultGzipLevel = 6;

    public int MaxBytes { get; init; } = new BatchConfiguration().MaxBytes;

    public int MaxAgeSeconds { get; init; } = new BatchConfiguration().MaxAgeSeconds;

    public CompressionConfiguration Compression { get; init; } = new();

    /// <summary>Removed. Its older default, which is in Trails whose authors never wrote it, means nothing.</summary>
    public int? GzipLevel { get; init; }
}
