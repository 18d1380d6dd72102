using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Verify;

/// <summary>How far a node is verified.</summary>
/// <param name="Place">The end of the newest digest that was looked at; the next round begins a little before.</param>
/// <param name="VerifiedUntil">Up to then nothing failed.</param>
/// <param name="HasFailed">
/// Whether something failed since everything was verified the last time; then <paramref name="VerifiedUntil"/> stays.
/// </param>
sealed record FollowedNode(
    ArchiveNode Node, DateTimeOffset? Place, DateTimeOffset? VerifiedUntil, DateTimeOffset? LastDigest, bool HasFailed,
    Dictionary<string, long> Findings);
