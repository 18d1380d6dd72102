namespace ClusterTrail.Agent.Spool;

/// <summary>A sealed batch on local disk.</summary>
sealed record SpooledBatch(string Path, long Bytes, SpoolHeader Header);
