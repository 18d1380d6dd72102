using ClusterTrail.Contract.Reading;

namespace ClusterTrail.Contract;

/// <summary>When a batch closes, and how it is compressed.</summary>
[RemovedField("gzipLevel", GzipLevelIsRemoved)]
public sealed record BatchConfiguration
{
    /// <summary>Continues the sentence that begins with the field <c>gzipLevel</c>, in a file or in a Trail.</summary>
    public const string GzipLevelIsRemoved =
        "was removed; leave it out to compress with zstd, or write \"compression\": {\"type\": \"Gzip\", \"level\": 6} in its place.";

    /// <summary>A batch closes when its records reach this many bytes, before compression. The default is 8 MiB.</summary>
    public int MaxBytes { get; init; } = 8 << 20;

    /// <summary>A batch closes this many seconds after its first record. The default is 60.</summary>
    public int MaxAgeSeconds { get; init; } = 60;

    /// <summary>
    /// A batch of less than 64 KiB stays open for this many seconds, if that is more than <see cref="MaxAgeSeconds"/> and it has no
    /// finding: what comes rarely makes few objects. By default every batch closes at <see cref="MaxAgeSeconds"/>.
    /// </summary>
    public int? MaxQuietAgeSeconds { get; init; }

    public CompressionConfiguration Compression { get; init; } = new();
}

/// <summary>How much may wait on local disk for the sink.</summary>
public sealed record SpoolConfiguration
{
    /// <summary>At this many bytes reading stops until the sink has taken some. The default is 1 GiB.</summary>
    public long MaxBytes { get; init; } = 1L << 30;
}

/// <summary>Where metrics, health and status are served, and where they are pushed to.</summary>
public sealed record TelemetryConfiguration
{
    /// <summary>
    /// The address and port of /metrics, /healthz, /readyz and /status. The default is 127.0.0.1:9808; port 0 picks a free one.
    /// </summary>
    public string Listen { get; init; } = "127.0.0.1:9808";
}
