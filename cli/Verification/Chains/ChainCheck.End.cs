using ClusterTrail.Archive.Digests;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Heads;
using ClusterTrail.Verification.Sums;

namespace ClusterTrail.Verification.Chains;

sealed partial class ChainCheck
{
    // Beyond that many in a row, the rest is one finding with their number.
    const int MostSingly = FindingLog.MostOfAKind;

    /// <summary>Whether the newest digest says that the sink has yet to confirm this batch.</summary>
    public bool IsWaiting(string source, long sequence) =>
        Last?.Digest!.Waiting.Any(range => range.Contains(source, sequence)) == true;

    /// <summary>Whether a known key signed any of its digests.</summary>
    public bool IsKnown => keys.HasKnown;

    /// <summary>Whether the key signed a digest of the chain, or was announced by one.</summary>
    public bool Knows(string keyId) => keys.Knows(keyId);

    /// <summary>All digests were added.</summary>
    /// <param name="successor">The chain of the same label that began after this one, if there is one.</param>
    public void End(ChainCheck? successor)
    {
        Report(Completeness.End());
        foreach (var (kind, name, message, count) in keys.Faults)
            context.Findings.Add(new(kind, context.Node, label, name, message) { Count = count });
        foreach (var (from, to, time) in holes)
            EndHole(from, to, time);
        var known = context.Heads.Where(one => one.Head.ChainId == chainId && one.Label == label && one.Node == context.Node).ToList();
        var furthest = known.Where(one => one.WaitingSince is null).Select(one => one.Head.Sequence).DefaultIfEmpty().Max();
        // Several may know of the same digests that are missing.
        foreach (var head in known.Where(one => one.Head.Sequence <= Last!.Digest!.Sequence || one.Head.Sequence == furthest)
            .Where(one => one.WaitingSince is null || one.Head.Sequence <= Last!.Digest!.Sequence)
            .DistinctBy(one => one.Head.Sequence > Last!.Digest!.Sequence ? new ChainHead(chainId, furthest, "") : one.Head))
            Compare(head);
        WaitingHeads.Report(
            known, Math.Max(furthest, Last!.Digest!.Sequence), successor is null && RetiredAt is null,
            (context.Node, label, context.Scope, context.Now), context.Findings);
        if (successor is not null && successor.IsKnown != IsKnown)
            return;
        if (successor is not null)
            Report(
                successor.First!, FindingKind.ChainRestarted,
                $"It begins the chain {successor.ChainId}. Before it, the agent had the chain {chainId}, "
                    + $"whose last digest is {Last!.Digest!.Sequence}.");
        else
            CheckOverdue();
    }

    public ChainSummary Summarize(bool isNewest)
    {
        var digest = Last!.Digest!;
        return new()
        {
            Node = context.Node,
            Label = label,
            ChainId = chainId,
            Head = new(chainId, digest.Sequence, Last.Sha256),
            IsKnown = IsKnown,
            IsNewest = isNewest,
            FirstSequence = Totals.FirstSequence,
            From = Totals.From,
            Until = Totals.Until,
            VerifiedUntil = failedFrom is { } failed && (Totals.Until is null || failed < Totals.Until) ? failed : Totals.Until,
            HasFailed = failedFrom is not null,
            Digests = Totals.Digests,
            Objects = Totals.Objects,
            Bytes = Totals.Bytes,
            Records = Totals.Records,
            Read = Totals.Read,
            Completeness = Completeness.Totals,
            LastUntil = digest.Until,
            NextBy = digest.NextBy,
            Stop = digest.Stop,
            Key = digest.Key,
        };
    }

    /// <summary>Digests of a chain that is known from elsewhere are missing up to there.</summary>
    public static void ReportCutOff(NodeContext context, KnownHead head, long from, IReadOnlySet<long> occupied)
    {
        foreach (var (sequence, count) in Singly(from, head.Head.Sequence))
        {
            if (count == 1 && occupied.Contains(sequence))
                continue;
            var what = count == 1 ? $"the digest {sequence} is not there" : $"{count} more from {sequence} on are not there";
            var message = $"{head.Origin} knows the chain {head.Head.ChainId} up to the digest {head.Head.Sequence}, and {what}.";
            context.Findings.Add(
                new(FindingKind.CutOffTail, context.Node, head.Label, $"digest {sequence}", message) { Count = count });
        }
    }

    void EndHole(long from, long to, DateTimeOffset time)
    {
        foreach (var (sequence, count) in Singly(from, to))
        {
            if (count == 1 && (occupied.Contains(sequence) || displaced.Contains(sequence) || lostDigests.Contains(sequence)))
                continue;
            var isWaiting = count == 1 && Last!.Digest!.WaitingDigests.Any(range => range.Contains(sequence));
            var kind = isWaiting ? FindingKind.NotDelivered : FindingKind.MissingDigest;
            var message = count == 1
                ? $"The digest {sequence} of the chain {chainId} is not there."
                : $"{count} more digests of the chain {chainId} are not there, from {sequence} on.";
            context.Findings.Add(new(kind, context.Node, label, $"digest {sequence}", message) { Count = count });
            if (!isWaiting)
                Fail(time);
        }
    }

    static IEnumerable<(long Sequence, long Count)> Singly(long from, long to)
    {
        var last = Math.Min(to, from + MostSingly - 1);
        for (var sequence = from; sequence <= last; sequence++)
            yield return (sequence, 1);
        if (last < to)
            yield return (last + 1, to - last);
    }

    void Compare(KnownHead head)
    {
        var newest = Last!.Digest!.Sequence;
        if (head.Head.Sequence > newest)
        {
            Fail(Last.Digest.Until);
            ReportCutOff(context, head, newest + 1, occupied);
            return;
        }

        if (hashes.TryGetValue(head.Head.Sequence, out var known) && !known.Contains(head.Head.Sha256))
        {
            Fail(Totals.From ?? Last.Digest.From);
            context.Findings.Add(new(
                FindingKind.ForkedChain, context.Node, label, $"digest {head.Head.Sequence}",
                $"{head.Origin} knows another digest of the chain {chainId} with this number."));
            return;
        }

        if (head.Head.Sequence < newest && !head.IsFormer && head.WaitingSince is null && IsStale(head))
            context.Findings.Add(new(
                FindingKind.StaleHead, context.Node, label, $"digest {head.Head.Sequence}",
                $"{head.Origin} knows the chain {chainId} up to this digest, and the archive has it up to {newest}."));
    }

    // An anchor is written once an interval, and is behind in between.
    bool IsStale(KnownHead head) => head.Anchored is not { } anchored
        || Last!.Digest!.Until > anchored.At.AddSafely(anchored.Interval).AddSafely(Tolerance);

    /// <summary>Whether the next digest should have come.</summary>
    public bool IsOverdue => Last!.Digest!.NextBy is { } nextBy && nextBy.AddSafely(Tolerance) < context.Now;

    /// <summary>When the operator retired the key that the next digest must have; null if it did not.</summary>
    public DateTimeOffset? RetiredAt =>
        context.Keys.RetiredAt(label, (Last!.Digest!.NextKey ?? Last.Digest.Key).Id, context.Now);

    /// <summary>Until when an agent that ended without a digest may have sealed batches; null if it did not end.</summary>
    public DateTimeOffset? EndedBy => IsOverdue && RetiredAt is not null ? Last!.Digest!.NextBy!.Value.AddSafely(Tolerance) : null;

    // A period that ended before the newest digest is not open at its end.
    void CheckOverdue()
    {
        var digest = Last!.Digest!;
        if (!IsOverdue || digest.Until >= context.Scope.Until)
            return;
        var announced = $"It is the newest digest of the chain {chainId}, and announced the next one for "
            + $"{SignedTime.Text(digest.NextBy!.Value)} at the latest";
        var (kind, message) = RetiredAt is { } retired
            ? (FindingKind.EndedWithoutStop, $"{announced}. The operator retired its key at {SignedTime.Text(retired)}.")
            : (FindingKind.DigestOverdue, $"{announced}.");
        context.Findings.Add(new(kind, context.Node, label, Last.Name, message));
    }
}
