using ClusterTrail.Agent.Spool;
using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Agent.Integrity;

/// <summary>Makes a digest of the entries of the ledger, and the state of the chain after it.</summary>
/// <param name="before">The chain's state; null: it begins.</param>
/// <param name="marks">Where the digest before left each source.</param>
sealed class DigestDraft(ChainContext context, ChainState? before, IReadOnlyDictionary<string, SourceMark> marks)
{
    /// <summary>How much later than planned a digest may be sealed before it is late.</summary>
    static readonly TimeSpan Slack = TimeSpan.FromSeconds(60);

    readonly SourceMarks sources = new(marks);
    readonly List<DigestObject> objects = [];
    readonly List<LostDigest> lostDigests = [];
    readonly HashSet<string> seen = [.. context.Sources];
    IReadOnlyList<CarriedLoss> repeated = [];
    DigestCompleteness? completeness;
    bool isIdle = true;

    public void Add(LedgerEntry entry)
    {
        sources.Add(entry);
        isIdle = isIdle && !entry.IsNews;
        if (entry.Sealed is { } batch)
        {
            objects.Add(batch);
            seen.Add(entry.Source);
        }

        if (entry.Counts is not null)
        {
            seen.Add(entry.Source);
        }

        if (entry.LostDigest is { } digest)
        {
            lostDigests.Add(digest);
        }
    }

    /// <summary>What the operator said of completeness.</summary>
    public void Add(DigestCompleteness? said, bool isNews)
    {
        completeness = said;
        isIdle = isIdle && !isNews;
    }

    /// <summary>The digest, to be signed.</summary>
    /// <param name="reason">Why it is sealed, and why the agent stops.</param>
    /// <param name="waiting">What the sink has not confirmed, digests included.</param>
    public Digest Finish(
        (DigestReason Reason, StopCause? Stop) reason, DateTimeOffset now, (VerifyingKey Own, VerifyingKey? Next) keys,
        IReadOnlyCollection<(string Source, long Sequence)> waiting, DigestSpool spool)
    {
        var (until, sequence) = (SignedTime.Cut(now), (before?.Sequence ?? 0) + 1);
        var chain = before is null ? null : SpooledBatch.DigestsOf(before.ChainId);
        List<long> waitingDigests = [.. waiting.Where(one => one.Source == chain).Select(one => one.Sequence)];
        repeated = CarriedLosses.Repeated(before, sequence, waitingDigests.Contains, lostDigests);
        return new()
        {
            Owner = context.Owner,
            ChainId = before?.ChainId ?? Guid.NewGuid().ToString("N"),
            Sequence = sequence,
            Reason = reason.Reason,
            Stop = reason.Stop,
            From = before?.Until ?? until,
            Until = until,
            NextBy = reason.Stop is null ? until.AddSeconds(Spacing(reason.Reason)) + Slack : null,
            Previous = before is null ? null : new(before.Name, before.Sha256),
            Key = keys.Own,
            NextKey = keys.Next,
            AgentVersion = context.AgentVersion,
            Configuration = context.Configuration(),
            Objects = objects,
            Sources = sources.Sources(seen.Order(StringComparer.Ordinal)),
            Waiting = WaitingRanges.OfBatches(waiting.Where(batch => !SpooledBatch.IsDigest(batch.Source)), sources.After),
            WaitingDigests = WaitingRanges.OfDigests(waitingDigests),
            Lost = [.. repeated.Select(loss => loss.Batches).OfType<LostBatches>(), .. sources.Lost],
            LostDigests = [.. repeated.Select(loss => loss.Digest).OfType<LostDigest>(), .. lostDigests],
            Spool = spool,
            Completeness = completeness,
        };
    }

    /// <summary>The chain after the digest.</summary>
    /// <param name="through">The last entry of the ledger that it says.</param>
    public ChainState After(Digest digest, SignedObject signed, long through) => new()
    {
        ChainId = digest.ChainId,
        Sequence = digest.Sequence,
        Name = digest.NameOf(signed).ToString(),
        Sha256 = signed.Sha256,
        Reason = digest.Reason,
        Until = digest.Until,
        NextBy = digest.NextBy,
        SpacingSeconds = Spacing(digest.Reason),
        KeyId = digest.Key.Id,
        KeySince = before?.KeyId == digest.Key.Id ? before.KeySince : digest.Until,
        NextKeyId = digest.NextKey?.Id,
        Through = through,
        Sources = sources.After,
        Carried = CarriedLosses.After(repeated, digest.Sequence, sources.Lost, lostDigests),
        IsSpooled = false,
    };

    // While nothing happens the digests are spaced ever wider.
    int Spacing(DigestReason reason)
    {
        var limits = context.Limits;
        return reason == DigestReason.Period && isIdle && before is not null
            ? (int)Math.Clamp(2L * before.SpacingSeconds, limits.IntervalSeconds, limits.IdleIntervalSeconds)
            : limits.IntervalSeconds;
    }
}
