using ClusterTrail.Contract;

namespace ClusterTrail.Trails.Api;

/// <summary>A bucket into which a cloud writes the audit events of its API servers.</summary>
public sealed record ApiServerBucket
{
    public required string Bucket { get; init; }

    public string Prefix { get; init; } = "";

    public required FeedFormat Format { get; init; }

    public string? Region { get; init; }

    public string? Endpoint { get; init; }

    public bool PathStyle { get; init; }

    public CaBundle? CaBundle { get; init; }

    public TrailCredentials Credentials { get; init; } = new();

    public FeedStart StartAt { get; init; } = FeedStart.Beginning;

    public int PollIntervalSeconds { get; init; } = 30;

    public int LatenessSeconds { get; init; } = 3600;

    public string? QueueUrl { get; init; }

    public int TimeoutSeconds { get; init; } = 60;

    public long JournalMaxBytes { get; init; } = 1L << 30;

    public int MaxEventBytes { get; init; } = 16 << 20;
}
