using ClusterTrail.Archive.Digests;
using ClusterTrail.Verification.Chains;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Heads;
using ClusterTrail.Verification.Sums;

namespace ClusterTrail.Verification;

/// <summary>Finds chains without an anchor, where others have one: who deletes an anchor must not hide a chain's end by that.</summary>
static class UnanchoredChains
{
    // Longer than an operator takes to meet an agent, and to anchor its chain for the first time.
    static readonly TimeSpan AnchoredAfter = TimeSpan.FromHours(1);

    // An operator that has anchored one chain and failed at another has tried again by then.
    static readonly TimeSpan Retried = TimeSpan.FromMinutes(5);

    public static void Report(IReadOnlyList<ChainSummary> chains, IReadOnlyList<KnownHead> heads, FindingLog findings)
    {
        var anchors = heads.Where(head => head.Anchored is not null).ToList();
        if (anchors.Count == 0)
            return;
        var anchored = anchors.Select(head => (head.Node, head.Label, head.Head.ChainId)).ToHashSet();
        var times = anchors.ToLookup(head => (head.Node.Cluster, head.Node.Trail), head => head.Anchored!.Value);
        var without = chains.Where(chain =>
            chain is { IsKnown: true, From: not null } && !anchored.Contains((chain.Node, chain.Label, chain.ChainId)));
        foreach (var chain in without)
            findings.Add(Judge(chain, [.. times[(chain.Node.Cluster, chain.Node.Trail)]]));
    }

    // What others' anchors say of when the operator anchored chains tells whether it must have met this one.
    static ArchiveFinding Judge(ChainSummary chain, IReadOnlyList<Anchoring> others)
    {
        var proof = others
            .Where(other => chain.MetAt is { } met
                && (met > chain.From ? met : chain.From!.Value).AddSafely(other.Interval + AnchoredAfter) <= other.At
                && other.At.AddSafely(Retried) <= chain.LastUntil)
            .Select(other => (DateTimeOffset?)other.At).Max();
        return new(
            proof is null ? FindingKind.UnanchoredChain : FindingKind.AnchorTampered, chain.Node, chain.Label, $"chain {chain.ChainId}",
            proof is { } at
                ? $"There is no anchor of the chain {chain.ChainId}, though the operator anchored another chain at {SignedTime.Text(at)}, "
                    + "when this one had digests: it was removed, or never written."
                : $"There is no anchor of the chain {chain.ChainId}. Whether its end was cut off shows only by digests that are overdue.");
    }
}
