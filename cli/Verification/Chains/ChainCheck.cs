using ClusterTrail.Archive.Digests;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Sums;

namespace ClusterTrail.Verification.Chains;

/// <summary>Follows one chain, digest by digest in the order of their numbers.</summary>
/// <param name="occupied">The numbers of digests that are there and do not count, which was reported.</param>
sealed partial class ChainCheck(NodeContext context, string label, string chainId, IReadOnlySet<long> occupied)
{
    // Longer than a delivery and its repetition take, and than clocks usually differ.
    static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(15);

    readonly KeyCheck keys = new(context.Keys, label);
    readonly List<(long From, long To, DateTimeOffset Time)> holes = [];
    readonly HashSet<long> displaced = [];
    readonly HashSet<long> lostDigests = [];
    readonly HashSet<object> declared = [];
    readonly Dictionary<long, List<string>> hashes = [];
    readonly List<string> rivals = [];
    readonly List<string> copies = [];
    readonly Lock failing = new();
    DateTimeOffset? failedFrom;

    public string ChainId => chainId;

    public SourceNumbers Numbers { get; } = new();

    public ChainTotals Totals { get; } = new();

    CompletenessCheck Completeness { get; } = new();

    /// <summary>The first one at hand.</summary>
    public DigestReading? First { get; private set; }

    /// <summary>The one with the largest number.</summary>
    public DigestReading? Last { get; private set; }

    public async ValueTask AddAsync(DigestReading reading)
    {
        var digest = reading.Digest!;
        if (!reading.IsInPlace && digest.Sequence != Last?.Digest!.Sequence + 1)
        {
            await AddDisplacedAsync(reading);
            return;
        }

        if (Last is { } last && digest.Sequence <= last.Digest!.Sequence)
        {
            await AddRivalAsync(reading, last);
            return;
        }

        if (!Accepts(reading, out var isSigned))
            return;
        Note(reading);
        Follow(reading);
        if (reading.IsChecked)
            ReportDeclared(reading);
        foreach (var fault in Numbers.Add(digest))
            Report(reading, FindingKind.UndeclaredGap, fault.Message, fault.Count);
        (First, Last) = (First ?? reading, reading);
        rivals.Clear();
        copies.Clear();
        await NameAsync(reading, isSigned);
    }

    /// <summary>Something of the period that begins then is not as it must be. Several threads may say so.</summary>
    public void Fail(DateTimeOffset from)
    {
        lock (failing)
            failedFrom = failedFrom is { } already && already <= from ? already : from;
    }

    // Its name says another number, or it is a copy: it has no place in the order, and is there all the same.
    async ValueTask AddDisplacedAsync(DigestReading reading)
    {
        if (!keys.Takes(reading))
            return;
        displaced.Add(reading.Digest!.Sequence);
        Fail(reading.Digest.From);
        await NameAsync(reading, isSigned: false);
    }

    async ValueTask AddRivalAsync(DigestReading reading, DigestReading last)
    {
        var sequence = reading.Digest!.Sequence;
        if (reading.Sha256 == last.Sha256 || !keys.Takes(reading))
            return;
        NoteHash(reading);
        // Whoever has a signature can make another one that is valid too. Only the next digest knows which is the agent's.
        if (reading.SignedSha256 == last.SignedSha256)
        {
            Report(reading, FindingKind.ChangedDigest, $"It is {last.Name} with another signature.");
            copies.Add(reading.Sha256);
            return;
        }

        Report(reading, FindingKind.ForkedChain, $"Another digest of the chain has the number {sequence} too: {last.Name}.");
        rivals.Add(reading.Sha256);
        Numbers.Forget();
        await NameAsync(reading, isSigned: false);
    }

    // What is signed by a key that nobody knows is no part of a chain that is known; unless a digest that may have announced it is missing.
    bool Accepts(DigestReading reading, out bool isSigned)
    {
        var digest = reading.Digest!;
        var before = Last?.Digest is { } last && last.Sequence == digest.Sequence - 1 && rivals.Count == 0 ? last : null;
        var fault = keys.Check(reading, before);
        isSigned = fault is null;
        if (fault is not null && reading.IsChecked)
            Fail(digest.From);
        return fault != FindingKind.UnknownKey || !keys.HasKnown || before is null || (before.NextKey ?? before.Key) == digest.Key;
    }

    void Note(DigestReading reading)
    {
        foreach (var lost in reading.Digest!.LostDigests)
            lostDigests.Add(lost.Sequence);
        NoteHash(reading);
        if (reading.IsChecked)
            Totals.Add(reading.Digest);
    }

    void NoteHash(DigestReading reading)
    {
        var sequence = reading.Digest!.Sequence;
        if (!context.Heads.Any(head => head.Head.ChainId == chainId && head.Head.Sequence == sequence))
            return;
        if (!hashes.TryGetValue(sequence, out var known))
            hashes[sequence] = known = [];
        known.Add(reading.Sha256);
    }

    void Follow(DigestReading reading)
    {
        var digest = reading.Digest!;
        if (Last is not { } last)
        {
            if (digest.Sequence > 1)
                AddHole(1, digest.Sequence - 1, digest.From, reading.IsChecked || !(digest.From < context.Scope.Since));
            return;
        }

        var before = last.Digest!;
        if (before.Sequence == digest.Sequence - 1)
        {
            CheckLink(reading, last);
            CheckTimes(reading, last);
            return;
        }

        var isInPeriod = last.IsChecked || reading.IsChecked || !(before.Until > context.Scope.Until || digest.From < context.Scope.Since);
        AddHole(before.Sequence + 1, digest.Sequence - 1, before.Until, isInPeriod);
        Numbers.Forget();
    }

    // Where not all digests are read, what is between two of them may be there.
    void AddHole(long from, long to, DateTimeOffset time, bool isInPeriod)
    {
        if (!isInPeriod)
            return;
        context.AskForWhole();
        if (context.IsWhole)
            holes.Add((from, to, time));
    }

    void CheckLink(DigestReading reading, DigestReading last)
    {
        var (digest, link) = (reading.Digest!, reading.Digest!.Previous!);
        if (rivals.Contains(link.Sha256) || copies.Contains(link.Sha256))
            return;
        // Either of the two may be the one that somebody changed.
        reading = reading with { IsChecked = reading.IsChecked || last.IsChecked };
        if (DigestName.TryParse(link.Name, out var name) && name.Sequence != digest.Sequence - 1)
            Report(
                reading, FindingKind.ReorderedChain,
                $"It has the number {digest.Sequence}, and names the digest {name.Sequence} as the one before it.");
        else if (link.Sha256 != last.Sha256 || link.Name != last.RightName)
            Report(reading, FindingKind.ForkedChain, $"It names another digest before it than {last.Name}, which has that number.");
        else if (digest.From != last.Digest!.Until)
            Report(reading, FindingKind.ReorderedChain, "Its period does not begin where that of the digest before it ends.");
    }

    void CheckTimes(DigestReading reading, DigestReading last)
    {
        var (digest, before) = (reading.Digest!, last.Digest!);
        if (digest.Reason == DigestReason.Start && before.Reason != DigestReason.Stop)
            Report(reading, FindingKind.EndedWithoutStop, $"The agent did not say that it stopped after {SignedTime.Text(before.Until)}.");
        else if (before.NextBy is { } nextBy && digest.Until > nextBy.AddSafely(Tolerance))
            Report(reading, FindingKind.LateDigest, $"It was announced for {SignedTime.Text(nextBy)} at the latest.");
    }

    void ReportDeclared(DigestReading reading)
    {
        foreach (var source in reading.Digest!.Sources)
        {
            foreach (var gap in source.Gaps)
                Report(
                    reading, FindingKind.DeclaredGap,
                    $"{(gap.Bytes is { } bytes ? $"{bytes} bytes" : "An unknown number of bytes")} of the source {source.Name} disappeared "
                        + $"before the agent read them, from byte {gap.Offset} of the file {gap.File} on: {gap.Reason}.");
            if (source.MoreGaps > 0)
                Report(reading, FindingKind.DeclaredGap, $"The source {source.Name} has {source.MoreGaps} more gaps.", source.MoreGaps);
        }

        // Agents repeat what they lost until a digest with it has arrived.
        foreach (var lost in reading.Digest.Lost.Where(declared.Add))
            Report(
                reading, FindingKind.DeclaredLoss,
                $"The batches {lost.From} to {lost.To} of the source {lost.Source} are lost: {lost.Reason}.",
                Math.Max(1, lost.To - lost.From + 1));
        foreach (var lost in reading.Digest.LostDigests.Where(declared.Add))
            Report(reading, FindingKind.DeclaredLoss, $"The digest {lost.Sequence} is lost: {lost.Reason}.");
        Report(Completeness.Add(reading.Digest));
    }

    void Report(IEnumerable<DeclaredDifference> differences)
    {
        foreach (var one in differences)
            context.Findings.Add(new(one.Kind, context.Node, label, one.Subject, one.Message));
    }

    async ValueTask NameAsync(DigestReading reading, bool isSigned)
    {
        foreach (var one in reading.Digest!.Objects)
            await context.Name(new(one, label, chainId, reading.Digest.Sequence, reading.Digest.From, isSigned), reading.IsChecked);
    }

    void Report(DigestReading reading, FindingKind kind, string message, long count = 1)
    {
        if (!reading.IsChecked)
            return;
        context.Findings.Add(new(kind, context.Node, label, reading.Name, message) { Count = count });
        if (kind.Fails())
            Fail(reading.Digest!.From);
    }
}
