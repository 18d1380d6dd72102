using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>What is known of a line longer than the limit.</summary>
/// <param name="Truncation">What was cut out of the event that it is; null when it is no JSON, and only its head is kept.</param>
sealed record Oversized(long Bytes, byte[] Sha256, Truncation? Truncation = null);
