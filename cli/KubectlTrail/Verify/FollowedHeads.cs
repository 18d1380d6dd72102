using ClusterTrail.Verification;
using ClusterTrail.Verification.Heads;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Verify;

/// <summary>The newest digests that any round has seen: what is removed from the archive later is missed.</summary>
/// <remarks>Guarantee: a head only moves forward, and none is forgotten.</remarks>
sealed class FollowedHeads
{
    readonly Dictionary<(ArchiveNode Node, string Chain, string ChainId), FollowedHead> heads = [];

    internal IReadOnlyList<FollowedHead> All => [.. heads.Values];

    internal void Add(IEnumerable<FollowedHead> saved)
    {
        foreach (var head in saved)
            heads[(head.Node, head.Chain, head.Head.ChainId)] = head;
    }

    /// <summary>Takes those of chains that a known key signed. Others may be anybody's, and come and go.</summary>
    internal void Take(VerificationResult result)
    {
        foreach (var chain in result.Chains.Where(chain => chain.IsKnown))
        {
            var key = (chain.Node, chain.Label, chain.ChainId);
            var head = heads.TryGetValue(key, out var before) && before.Head.Sequence >= chain.Head.Sequence ? before.Head : chain.Head;
            heads[key] = new(chain.Node, chain.Label, head, chain.IsNewest);
        }
    }

    /// <summary>What a round compares the archive with.</summary>
    /// <param name="isWhole">Whether it reads all digests: others do not see chains that ended.</param>
    internal IEnumerable<KnownHead> Known(bool isWhole) => heads.Values.Where(head => isWhole || head.IsNewest)
        .Select(head => new KnownHead(head.Node, head.Chain, head.Head, "An earlier round of this verifier") { IsFormer = true });
}
