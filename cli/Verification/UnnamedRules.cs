using ClusterTrail.Archive;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Verification.Chains;
using ClusterTrail.Verification.Findings;

namespace ClusterTrail.Verification;

/// <summary>What an object is that no digest names.</summary>
/// <param name="askForWhole">Called where digests that were not read may know more.</param>
sealed class UnnamedRules(IEnumerable<LabelCheck> checkedLabels, Action askForWhole)
{
    // A clock may have been wrong when a source's first batches were sealed.
    static readonly TimeSpan ClockError = TimeSpan.FromDays(1);

    readonly IReadOnlyList<LabelCheck> labels = [.. checkedLabels];

    /// <param name="mayCome">Whether the next digest may name it.</param>
    public FindingKind KindOf(BatchName batch, bool mayCome = true)
    {
        var kind = Judge(batch, mayCome);
        if (kind != FindingKind.NotSealed)
            askForWhole();
        return kind;
    }

    FindingKind Judge(BatchName batch, bool mayCome)
    {
        if (labels.Any(label => IsUnproven(label, batch, TimeSpan.Zero)))
            return FindingKind.UnprovenObject;
        if (mayCome && labels.Any(label => IsNotSealed(label, batch)))
            return FindingKind.NotSealed;
        if (IsBeforeChains(batch))
            return FindingKind.BeforeChain;
        if (labels.SelectMany(label => label.Chains).Any(chain => IsNotListed(chain, batch)))
            return FindingKind.DeclaredLoss;
        return labels.Any(label => IsUnproven(label, batch, ClockError) || IsInGap(label, batch))
            ? FindingKind.UnprovenObject
            : FindingKind.UnnamedObject;
    }

    static bool IsInGap(LabelCheck label, BatchName batch) =>
        label.Chains.Any(chain => chain.Numbers.IsInGap(batch.Source, batch.Sequence));

    /// <summary>The numbers that the next digest of a source's newest chain may name begin there; null if none comes.</summary>
    public IEnumerable<long> NextOf(string source) => labels.Select(label => NextOf(label, source)).OfType<long>();

    static bool IsNotSealed(LabelCheck label, BatchName batch) => NextOf(label, batch.Source) <= batch.Sequence;

    static long? NextOf(LabelCheck label, string source) =>
        label.Chains is [.., { IsOverdue: false } newest] && newest.Last!.Digest!.Reason != DigestReason.Stop
            ? newest.Numbers.NextOf(source)
            : null;

    bool IsBeforeChains(BatchName batch)
    {
        var starts = labels
            .Select(label => label.Chains.FirstOrDefault(chain => chain.Numbers.Starts.ContainsKey(batch.Source)))
            .OfType<ChainCheck>();
        var oldest = starts.Select(chain => (SourceStart?)chain.Numbers.Starts[batch.Source]).MinBy(start => start!.Value.From);
        return oldest is { } first
            && (batch.FirstEvent < first.From || (batch.Sequence < first.Sequence && batch.FirstEvent < first.From.AddSafely(ClockError)));
    }

    static bool IsNotListed(ChainCheck chain, BatchName batch) => chain.Numbers.Lost.Any(
        range => range.Reason == LostBatches.NotListed && range.Contains(batch.Source, batch.Sequence));

    // What an agent sealed after its last digest, or before its first one was delivered, when it lost its state.
    static bool IsUnproven(LabelCheck label, BatchName batch, TimeSpan clockError) =>
        (label.HasLostChain && label.Chains is [var first, ..] && batch.FirstEvent <= first.First!.Digest!.From.AddSafely(clockError))
        || label.Chains.Zip(label.Chains.Skip(1)).Any(pair =>
        pair.First.Last!.Digest!.Reason != DigestReason.Stop
        && pair.First.Numbers.NextOf(batch.Source) is { } next && next <= batch.Sequence
        && batch.FirstEvent <= pair.Second.First!.Digest!.Until.AddSafely(clockError));
}
