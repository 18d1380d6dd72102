namespace ClusterTrail.Contract;

public enum EncryptionType
{
    None,
    Envelope,
}

/// <summary>How a batch is encrypted before it leaves the agent.</summary>
public sealed record EncryptionConfiguration
{
    /// <summary>The default is None.</summary>
    public EncryptionType Type { get; init; } = EncryptionType.None;

    /// <summary>Given when the type is Envelope.</summary>
    public EnvelopeConfiguration? Envelope { get; init; }
}

/// <summary>CMS AuthEnvelopedData (RFC 5083) for one or more recipients, each of whom can open every batch.</summary>
public sealed record EnvelopeConfiguration
{
    /// <summary>PEM files, each with one public key or certificate: RSA of 2048 bits or more, EC P-256 or P-384.</summary>
    public required IReadOnlyList<string> RecipientPaths { get; init; }
}
