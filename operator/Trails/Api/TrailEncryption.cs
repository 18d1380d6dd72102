using ClusterTrail.Contract;

namespace ClusterTrail.Trails.Api;

public sealed record TrailEncryption
{
    public EncryptionType Type { get; init; } = EncryptionType.None;

    public TrailEnvelope? Envelope { get; init; }
}

public sealed record TrailEnvelope
{
    public required IReadOnlyList<EnvelopeRecipient> Recipients { get; init; }
}

/// <summary>Who can open every batch: a public key or certificate in a ConfigMap.</summary>
public sealed record EnvelopeRecipient
{
    public required string ConfigMapName { get; init; }

    public required string Key { get; init; }
}
