using ClusterTrail.Verification.Heads;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Verify;

/// <summary>The heads from elsewhere that any round of a verifier has read, of each chain the furthest.</summary>
/// <remarks>Guarantee: a head only moves forward, and none is forgotten while the verifier runs.</remarks>
sealed class FollowedGiven
{
    readonly Dictionary<(ArchiveNode Node, string Label, string ChainId, bool IsAnchor, bool IsWaiting), KnownHead> furthest = [];
    readonly HashSet<string> said = [];

    GivenHeads last = GivenHeads.None;

    /// <summary>What a round compares the archive with.</summary>
    /// <param name="isWhole">Whether it reads all digests: others do not see chains that ended.</param>
    internal GivenHeads Known(bool isWhole) =>
        last with { Heads = [.. furthest.Values.Where(head => isWhole || !head.IsFormer)] };

    /// <returns>Notes that no round had before.</returns>
    internal IReadOnlyList<string> Take(GivenHeads read)
    {
        foreach (var head in read.Heads)
        {
            var key = (head.Node, head.Label, head.Head.ChainId, head.Anchored is not null, head.WaitingSince is not null);
            if (!furthest.TryGetValue(key, out var before) || before.Head.Sequence <= head.Head.Sequence)
                furthest[key] = head;
        }

        last = read;
        return [.. read.Notes.Where(said.Add)];
    }
}
