using ClusterTrail.Agent.Batching;
using ClusterTrail.Agent.Integrity;
using ClusterTrail.Agent.Notifications;
using ClusterTrail.Agent.Spool;

namespace ClusterTrail.Agent;

/// <summary>Where the records and findings of one source go.</summary>
/// <param name="Batches">The spool of sealed batches.</param>
/// <param name="Notifier">Takes findings for the webhook; null without one.</param>
/// <param name="Ledger">Takes what the next digest says.</param>
sealed record SourceOutput(Sealer Sealer, Outbox Batches, CheckpointFile Checkpoint, Notifier? Notifier, SourceLedger Ledger);
