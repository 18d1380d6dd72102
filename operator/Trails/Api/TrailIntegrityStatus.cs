namespace ClusterTrail.Trails.Api;

/// <summary>What the operator knows of the chains of digests of a Trail's agents.</summary>
public sealed record TrailIntegrityStatus
{
    /// <summary>The id of the key that signs key records: the SHA-256 of the public key.</summary>
    public string? OperatorKeyId { get; init; }

    /// <summary>The key's SubjectPublicKeyInfo in DER, in base64.</summary>
    public string? OperatorPublicKey { get; init; }

    /// <summary>How many chains there are, of all nodes.</summary>
    public int Chains { get; init; }

    /// <summary>How many of them have a key of which the archive has the enrolment.</summary>
    public int Enrolled { get; init; }

    /// <summary>How many key records the archive does not have yet.</summary>
    public int RecordsWaiting { get; init; }
}

/// <summary>The newest digest of a chain of which the operator has heard that the sink has it.</summary>
public sealed record TrailHead
{
    public required string Chain { get; init; }

    public required string ChainId { get; init; }

    public required long Sequence { get; init; }

    public required string Sha256 { get; init; }

    public required DateTimeOffset Until { get; init; }

    /// <summary>Nothing after the last one, with which the agent stopped recording.</summary>
    public DateTimeOffset? NextBy { get; init; }
}

/// <summary>The newest digest that an agent has sealed, while the sink has not confirmed it.</summary>
public sealed record TrailSealed
{
    public required string Chain { get; init; }

    public required string ChainId { get; init; }

    public required long Sequence { get; init; }

    public required string Sha256 { get; init; }

    public required DateTimeOffset Until { get; init; }

    /// <summary>When the oldest one was sealed that waits, as far as the operator knows.</summary>
    public required DateTimeOffset WaitingSince { get; init; }
}
