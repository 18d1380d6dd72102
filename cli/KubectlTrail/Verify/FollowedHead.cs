using ClusterTrail.Archive.Digests;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Verify;

/// <summary>The newest digest of a chain that any round has seen.</summary>
/// <param name="Chain">The chain's label.</param>
/// <param name="IsNewest">Whether no chain of this label began later, as the last round that saw it says.</param>
sealed record FollowedHead(ArchiveNode Node, string Chain, ChainHead Head, bool IsNewest);
