using ClusterTrail.Agent.Sources;

namespace ClusterTrail.Agent.Spool;

/// <summary>How far a source is safe: everything before is in the spool or in the sink.</summary>
/// <param name="NextSequence">The number of the next batch.</param>
sealed record Checkpoint(long NextSequence, SourceProgress Progress);
