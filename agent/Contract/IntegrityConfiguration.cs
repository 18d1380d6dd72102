namespace ClusterTrail.Contract;

/// <summary>Digests: signed lists of what the archive must contain.</summary>
public sealed record IntegrityConfiguration
{
    /// <summary>False: no digests are sealed, and nobody can prove that the archive is complete. The default is true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// Tells apart the chains of several agents of one Trail on a node: at most 32 of a-z, 0-9 and '-'. The default is agent.
    /// </summary>
    public string Chain { get; init; } = "agent";

    /// <summary>How often, in seconds, a digest is sealed. The default is 300.</summary>
    public int IntervalSeconds { get; init; } = 300;

    /// <summary>How far apart, in seconds, digests may be while there is nothing to say. The default is 3600.</summary>
    public int IdleIntervalSeconds { get; init; } = 3600;

    /// <summary>After so many days the agent makes a new signing key, which the old one signs; 0 is never. The default is 365.</summary>
    public int KeyRotationDays { get; init; } = 365;

    /// <summary>
    /// Whether the agent tries, at its start and daily, if what it stores can be changed. The default is true with sink.s3.objectLock.
    /// </summary>
    public bool? Canary { get; init; }

    /// <summary>A key in AWS KMS that signs digests. The default is none: the agent makes keys of its own.</summary>
    public KmsKeyConfiguration? Kms { get; init; }
}
