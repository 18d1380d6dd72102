using ClusterTrail.Verification.Chains;
using ClusterTrail.Verification.Findings;

namespace ClusterTrail.Verification;

/// <summary>What was found of one node.</summary>
sealed record NodeResult(IReadOnlyList<ChainSummary> Chains, FindingLog Findings, long KeyRecords);
