using ClusterTrail.Contract;

namespace ClusterTrail.Trails.Api;

/// <summary>The digests that prove what a Trail's archive contains.</summary>
public sealed record TrailIntegrity
{
    public bool Enabled { get; init; } = true;

    public int IntervalSeconds { get; init; } = new IntegrityConfiguration().IntervalSeconds;

    public int KeyRotationDays { get; init; } = new IntegrityConfiguration().KeyRotationDays;

    /// <summary>Whether agents try if what they store can be changed; null: if the sink asks for Object Lock.</summary>
    public bool? Canary { get; init; }

    /// <summary>Where the operator keeps heads besides the cluster.</summary>
    public TrailAnchor? Anchor { get; init; }

    /// <summary>The key in AWS KMS with which agents sign digests, in place of keys of their own.</summary>
    public KmsKeyConfiguration? Kms { get; init; }
}
