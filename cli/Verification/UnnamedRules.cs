using ClusterTrail.Archive;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Verification.Chains;
using ClusterTrail.Verification.Findings;

namespace ClusterTrail.Verification;

/// <summary>What an object is that no digest names.</summary>
sealed class UnnamedRules(IEnumerable<LabelCheck> checkedLabels)
{
    // A clock may have been wrong when a source's first batches were sealed.
    static readonly TimeSpan ClockError = TimeSpan.FromDays(1);

    readonly IReadOnlyList<LabelCheck> labels = [.. checkedLabels];

    public FindingKind KindOf(BatchName batch)
    {
        if (labels.Any(label => IsNotSealed(label, batch)))
            return FindingKind.NotSealed;
        if (IsBeforeChains(batch))
            return FindingKind.BeforeChain;
        if (labels.SelectMany(label => label.Chains).Any(chain => IsNotListed(chain, batch)))
            return FindingKind.DeclaredLoss;
        return labels.Any(label => IsUnproven(label, batch)) ? FindingKind.UnprovenObject : FindingKind.UnnamedObject;
    }

    static bool IsNotSealed(LabelCheck label, BatchName batch) =>
        label.Chains is [.., var newest] && newest.Numbers.NextOf(batch.Source) is { } next && next <= batch.Sequence && !newest.IsOverdue;

    bool IsBeforeChains(BatchName batch)
    {
        var starts =
            from label in labels
            from chain in label.Chains
            where chain.Numbers.Starts.ContainsKey(batch.Source)
            select chain.Numbers.Starts[batch.Source];
        var oldest = starts.OrderBy(start => start.From).Select(start => (SourceStart?)start).FirstOrDefault();
        return oldest is { } first
            && (batch.FirstEvent < first.From || (batch.Sequence < first.Sequence && batch.FirstEvent < first.From + ClockError));
    }

    static bool IsNotListed(ChainCheck chain, BatchName batch) => chain.Numbers.Lost.Any(
        range => range.Reason == LostBatches.NotListed && range.Contains(batch.Source, batch.Sequence));

    // What an agent sealed after its last digest, before it lost its state.
    static bool IsUnproven(LabelCheck label, BatchName batch) => label.Chains.Zip(label.Chains.Skip(1)).Any(pair =>
        pair.First.Last!.Digest!.Reason != DigestReason.Stop
        && pair.First.Numbers.NextOf(batch.Source) is { } next && next <= batch.Sequence
        && batch.FirstEvent <= pair.Second.First!.Digest!.Until);
}
