namespace ClusterTrail.Telemetry;

/// <summary>A request of another program. Nothing in it is checked yet.</summary>
/// <param name="IsPost">Whether it brings something; otherwise it asks.</param>
/// <param name="Query">Of the URL, with its question mark; empty without one.</param>
/// <param name="Nonce">The nonce, if there is exactly one.</param>
/// <param name="Signature">The signature, if there is exactly one.</param>
public sealed record ExchangeRequest(bool IsPost, string Query, string? Nonce, string? Signature, ReadOnlyMemory<byte> Body);
