using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>What is known of a line longer than the limit.</summary>
/// <param name="Hash">The seeded hash by which lines are remembered.</param>
/// <param name="Truncation">What was cut out of the event that it is; null when it is no JSON, and only its head is kept.</param>
sealed record Oversized(long Bytes, byte[] Sha256, ulong Hash = 0, Truncation? Truncation = null);
