using ClusterTrail.Archive;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Verification.Chains;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Sums;

namespace ClusterTrail.Verification;

/// <summary>What an object is that no digest names.</summary>
/// <param name="askForWhole">Called where digests that were not read may know more.</param>
sealed class UnnamedRules(IEnumerable<LabelCheck> checkedLabels, Action askForWhole)
{
    // A clock may have been wrong when a source's first batches were sealed.
    static readonly TimeSpan ClockError = TimeSpan.FromDays(1);

    // An agent delivers so many batches at once, so that one may be there before others with smaller numbers.
    const int MostOnTheirWay = 64;

    readonly IReadOnlyList<LabelCheck> labels = [.. checkedLabels];

    /// <param name="mayCome">Whether the next digest may name it, as far as others say.</param>
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

    /// <summary>Whether a batch has so large a number that only the next digest of its source's newest chain may name it.</summary>
    public bool IsToCome(BatchName batch) => labels.Any(label => IsNotSealed(label, batch));

    /// <summary>Whether its number follows on what digests name: there are the others up to it, but for a few.</summary>
    /// <param name="numbers">Of all batches of the source that are to come, in their order, each once.</param>
    public bool Follows(BatchName batch, List<long> numbers)
    {
        return labels.Any(label => NextOf(label, batch.Source) is { } next
            && next <= batch.Sequence && batch.Sequence - next - (CountBelow(batch.Sequence) - CountBelow(next)) <= MostOnTheirWay);

        long CountBelow(long number) => numbers.BinarySearch(number) is var at && at < 0 ? ~at : at;
    }

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

    // What an agent sealed after its last digest, or before its first one was delivered, when it lost its state or its node.
    static bool IsUnproven(LabelCheck label, BatchName batch, TimeSpan clockError) =>
        (label.HasLostChain && label.Chains is [var first, ..] && batch.FirstEvent <= first.First!.Digest!.From.AddSafely(clockError))
        || label.Chains.Any(chain => IsAfter(chain, batch) && batch.FirstEvent <= chain.EndedBy)
        || label.Chains.Zip(label.Chains.Skip(1)).Any(pair =>
            IsAfter(pair.First, batch) && batch.FirstEvent <= pair.Second.First!.Digest!.Until.AddSafely(clockError));

    static bool IsAfter(ChainCheck chain, BatchName batch) =>
        chain.Numbers.NextOf(batch.Source) <= batch.Sequence && batch.FirstEvent >= chain.Last!.Digest!.From.AddSafely(-ClockError);
}
