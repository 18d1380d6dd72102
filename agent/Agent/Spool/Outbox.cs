namespace ClusterTrail.Agent.Spool;

/// <summary>A spool, and what delivers from it.</summary>
/// <param name="Deliver">Takes over a batch that is in the spool.</param>
sealed record Outbox(BatchSpool Spool, Action<SpooledBatch> Deliver);
