namespace ClusterTrail.Trails.Api;

/// <summary>A second bucket, in which the operator keeps how far each chain of digests is.</summary>
public sealed record TrailAnchor
{
    public required string Bucket { get; init; }

    public string Prefix { get; init; } = "";

    public string? Region { get; init; }

    public string? Endpoint { get; init; }

    public bool PathStyle { get; init; }

    public CaBundle? CaBundle { get; init; }

    /// <summary>Others than the agents': who takes over a node must not reach this bucket.</summary>
    public required CredentialsSecret Credentials { get; init; }

    /// <summary>How often a chain's head is written, at most.</summary>
    public int IntervalSeconds { get; init; } = 3600;
}
