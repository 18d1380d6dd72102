using System.Collections.Concurrent;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Heads;
using ClusterTrail.Verification.Sums;

namespace ClusterTrail.Verification.Chains;

/// <summary>All chains of one label on a node: one, and another for each time that the agent lost its state.</summary>
sealed class LabelCheck(NodeContext context, string label)
{
    static readonly TimeSpan FirstDigestAfter = TimeSpan.FromMinutes(30);
    static readonly TimeSpan ClocksDiffer = TimeSpan.FromMinutes(15);

    readonly ConcurrentDictionary<string, ChainCheck> chains = [];
    readonly HashSet<long> occupied = [];

    public string Label => label;

    /// <summary>
    /// In the order in which they began, without those of which nothing is in its place. Those that no known key signed come first:
    /// they follow on none that is known.
    /// </summary>
    public IReadOnlyList<ChainCheck> Chains { get; private set; } = [];

    public async ValueTask AddAsync(DigestReading reading)
    {
        if (reading.Digest is not { } digest)
        {
            // What is wrong with others is not reported: they must not stand for a digest that is missing.
            if (reading.IsChecked)
                occupied.Add(reading.Entry.Sequence);
            return;
        }

        if (!chains.TryGetValue(digest.ChainId, out var chain))
            chains[digest.ChainId] = chain = new(context, label, digest.ChainId, occupied);
        await chain.AddAsync(reading);
    }

    /// <summary>One that a digest was added to. Another thread may add.</summary>
    public ChainCheck Find(string chainId) => chains[chainId];

    public void End(DigestCatalog catalog)
    {
        Chains = [.. chains.Values.Where(chain => chain.Last is not null).OrderBy(chain => chain.IsKnown).ThenBy(Began)];
        foreach (var (at, chain) in Chains.Index())
            chain.End(at + 1 < Chains.Count ? Chains[at + 1] : null);
        if (MayHaveMore(catalog))
            context.AskForWhole();
        ReportGone();
        foreach (var known in HeadsOf(context, label).GroupBy(head => head.Head.ChainId))
            if (Chains.All(chain => chain.ChainId != known.Key))
                ReportNotThere([.. known]);
    }

    void ReportNotThere(IReadOnlyList<KnownHead> heads)
    {
        var furthest = heads.Where(head => head.WaitingSince is null).MaxBy(head => head.Head.Sequence);
        if (furthest is not null)
            ChainCheck.ReportCutOff(context, furthest, 1, occupied);
        WaitingHeads.Report(
            heads, furthest?.Head.Sequence ?? 0, mayCome: true, (context.Node, label, context.Scope, context.Now), context.Findings);
    }

    // An agent's key is enrolled when the operator first meets it, and its first digest is sealed and delivered soon.
    void ReportGone()
    {
        foreach (var key in context.Keys.Enrolments.Where(one => one.Owner.Chain == label).DistinctBy(one => one.Key.Id).Where(IsGone))
        {
            if (context.IsWhole)
                context.Findings.Add(new(
                    FindingKind.MissingDigest, context.Node, label, $"key {key.Key.Id}",
                    $"The key {key.Key.Id} of the chain was enrolled at {SignedTime.Text(key.EnrolledAt)}, and there is no digest of it."));
            else if (MayBeInPeriod(key))
                context.AskForWhole();
        }
    }

    // Where another chain followed, the operator said where the former one ended: what it signed after that never arrived.
    bool IsGone(KeyEnrolment key) =>
        key.EnrolledAt.AddSafely(FirstDigestAfter) < context.Deadline
        && Chains.All(chain => !chain.Knows(key.Key.Id))
        && !context.Keys.Enrolments.Any(later => later.Owner.Chain == label && later.EnrolledAt > key.EnrolledAt
            && Chains.Any(chain => chain.ChainId == later.FormerHead?.ChainId));

    // Where not all digests are read, most keys are those of digests before the period.
    bool MayBeInPeriod(KeyEnrolment key) =>
        !(key.EnrolledAt < context.Scope.Since) || Chains.All(chain => chain.Last!.Digest!.Until < key.EnrolledAt);

    // Whether the digests outside of the period may say that one of it is missing.
    bool MayHaveMore(DigestCatalog catalog)
    {
        if (context.IsWhole || !catalog.HasLabel(label))
            return false;
        if (!Chains.Any(chain => chain.Totals.Digests > 0))
            return Chains.Count == 0 || Chains.Any(chain => !(chain.Last!.Digest!.Until < context.Scope.Since));
        var isFirst = Chains.Any(chain => chain.First is { IsChecked: true, Digest.Sequence: 1 })
            && catalog.HasBefore(label, context.Scope.Since);
        return isFirst || (context.Scope.Until is not null
            && Chains.Any(chain => chain.Last!.IsChecked && catalog.HasAfter(label, chain.Last.Digest!.Sequence)));
    }

    /// <summary>
    /// Whether a key was enrolled of which no digest is there: the agent lost its state before its first one was delivered.
    /// </summary>
    public bool HasLostChain => context.Keys.Enrolments.Any(
        one => one.Owner.Chain == label && Chains.All(chain => !chain.Knows(one.Key.Id)));

    static IEnumerable<KnownHead> HeadsOf(NodeContext context, string label) =>
        context.Heads.Where(head => head.Node == context.Node && head.Label == label);

    // The operator's clock is one for all; that of an agent without its state may have been lost with it.
    DateTimeOffset Began(ChainCheck chain)
    {
        var first = chain.First!.Digest!;
        return context.Keys.EnrolledAt(label, first.Key.Id) ?? first.From;
    }

    public IEnumerable<ChainSummary> Summaries =>
        Chains.Select((chain, at) => chain.Summarize(at == Chains.Count - 1) with { MetAt = MetAt(chain, at) });

    // An agent that loses its chain may keep its key: then the enrolment of the chain before makes it known, though no operator has met it.
    DateTimeOffset? MetAt(ChainCheck chain, int at)
    {
        var first = chain.First!.Digest!;
        return Chains.Take(at).Any(before => before.Knows(first.Key.Id))
            ? context.Keys.Enrolments
                .Where(one => one.Owner.Chain == label && one.Key.Id == first.Key.Id)
                .Where(one => one.EnrolledAt.AddSafely(ClocksDiffer) >= first.From)
                .Min(one => (DateTimeOffset?)one.EnrolledAt)
            : first.From;
    }
}
