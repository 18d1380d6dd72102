namespace ClusterTrail.Agent.Sources;

/// <summary>What is kept of a line longer than the limit, beside its head.</summary>
sealed record Oversized(long Bytes, byte[] Sha256);
