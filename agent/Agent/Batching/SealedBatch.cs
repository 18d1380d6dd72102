using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Spool;

namespace ClusterTrail.Agent.Batching;

/// <summary>A batch that is never changed again.</summary>
/// <param name="End">The source after the batch.</param>
sealed record SealedBatch(SpoolHeader Header, byte[] Content, SourceProgress End);
