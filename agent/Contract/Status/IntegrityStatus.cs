namespace ClusterTrail.Contract.Status;

/// <summary>The agent's chain of digests: its newest one, and the key that signed it.</summary>
public sealed record IntegrityStatus
{
    public required string Chain { get; init; }

    /// <summary>Nothing until the first digest is sealed.</summary>
    public string? ChainId { get; init; }

    /// <summary>The number of the newest digest; 0 before the first.</summary>
    public required long Sequence { get; init; }

    /// <summary>The hash of the newest digest's stored bytes.</summary>
    public string? Sha256 { get; init; }

    /// <summary>When the newest digest was sealed.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>By when the next one is sealed; nothing after the last one, with which the agent stopped recording.</summary>
    public DateTimeOffset? NextBy { get; init; }

    /// <summary>
    /// How far the sink has confirmed the chain: what is sealed beyond it may never arrive. Nothing from older agents.
    /// </summary>
    public ConfirmedStatus? Confirmed { get; init; }

    /// <summary>The SHA-256 of the public key; nothing until the agent has signed with it since it started.</summary>
    public string? KeyId { get; init; }

    /// <summary>The key's SubjectPublicKeyInfo in DER, in base64.</summary>
    public string? PublicKey { get; init; }

    /// <summary>Why no digest can be sealed now; nothing if one can.</summary>
    public string? Problem { get; init; }

    /// <summary>The hashes of the key records that the sink has of this agent, the newest ones; nothing from older agents.</summary>
    public IReadOnlyList<string>? Records { get; init; }

    /// <summary>
    /// What the operator said last of completeness; nothing from agents that do not read of API servers, and from older ones.
    /// </summary>
    public HeldCompletenessStatus? Completeness { get; init; }
}

/// <summary>What an agent has of the operator's word on completeness.</summary>
public sealed record HeldCompletenessStatus
{
    /// <summary>When the operator made it; nothing before it sent any since the agent started.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Stands for what it says.</summary>
    public string? Hash { get; init; }
}
