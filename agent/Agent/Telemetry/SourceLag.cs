namespace ClusterTrail.Agent.Telemetry;

/// <summary>How far the agent is behind a source.</summary>
/// <param name="Seconds">The age of the oldest event that is written and not yet read; 0 when all is read.</param>
/// <param name="Bytes">What is written and not yet read, rotated files included.</param>
readonly record struct SourceLag(double Seconds, long Bytes);
