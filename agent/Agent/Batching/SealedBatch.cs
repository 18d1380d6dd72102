using ClusterTrail.Agent.Spool;

namespace ClusterTrail.Agent.Batching;

/// <summary>A batch that is never changed again.</summary>
sealed record SealedBatch(SpoolHeader Header, byte[] Content);
