namespace ClusterTrail.Contract.Status;

/// <summary>The newest digest of the agent's chain that the sink has confirmed.</summary>
public sealed record ConfirmedStatus
{
    /// <summary>The chain's id, as in <see cref="IntegrityStatus"/>; nothing while the sink has confirmed no digest of it.</summary>
    public string? ChainId { get; init; }

    /// <summary>The digest's number; 0 while the sink has confirmed none, or the agent does not know of any.</summary>
    public required long Sequence { get; init; }

    /// <summary>The hash of the digest's stored bytes.</summary>
    public string? Sha256 { get; init; }

    /// <summary>When the digest was sealed.</summary>
    public DateTimeOffset? Until { get; init; }
}
