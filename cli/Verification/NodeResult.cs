using ClusterTrail.Verification.Chains;
using ClusterTrail.Verification.Findings;

namespace ClusterTrail.Verification;

/// <summary>What was found of one node.</summary>
/// <param name="NeedsWhole">Whether only the digests outside of the period can say what something in it is.</param>
sealed record NodeResult(IReadOnlyList<ChainSummary> Chains, FindingLog Findings, long KeyRecords, bool NeedsWhole = false);
