using ClusterTrail.Agent.Sources.Journal;
using ClusterTrail.Agent.Telemetry;

namespace ClusterTrail.Agent.Sources.Admission;

/// <summary>A loss that the journal does not say yet.</summary>
/// <param name="Key">The same for the same loss, across crashes, and for no other.</param>
/// <param name="Places">Those of the reviews that an earlier run held; nothing of those that were lost for want of room.</param>
sealed record UndeclaredLoss(LossReason Reason, Losses Losses, GroupKey Key, IReadOnlyList<int> Places);
