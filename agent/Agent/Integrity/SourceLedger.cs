using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Agent.Integrity;

/// <summary>A source's way into the ledger. One thread uses it.</summary>
/// <param name="ledger">Null: no digests are sealed.</param>
sealed class SourceLedger(string source, DigestLedger? ledger)
{
    long events;
    long truncated;
    long oversized;
    long unparsable;
    PeriodCounts gaps = PeriodCounts.None;

    public void NoteRead(int events, int truncated, int oversized, int unparsable)
    {
        this.events += events;
        this.truncated += truncated;
        this.oversized += oversized;
        this.unparsable += unparsable;
    }

    public void NoteGap(Gap gap)
    {
        if (ledger is not null)
        {
            gaps = gaps.With(new DigestGap(gap.File, gap.Offset, gap.Bytes, gap.Reason));
        }
    }

    /// <summary>Notes where the source goes on after a start.</summary>
    /// <returns>Why the batch that a crash left between spool and checkpoint could not be noted; null if it is, or there is none.</returns>
    /// <remarks>
    /// The crash may have come between spool and ledger, so it is noted now. If it is damaged, it is lost when its turn comes; otherwise
    /// the next digest says that it does not know this number.
    /// </remarks>
    public string? GoOn(Recovery recovered, BatchSpool spool)
    {
        string? reason = null;
        if (ledger is not null && recovered.Unconfirmed is { } batch)
        {
            try
            {
                var (header, content) = spool.Read(batch, new ReadBuffer());
                Seal(header, content.Length);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                reason = $"{batch.Path}: {e.Message}";
            }
        }

        ledger?.GoOn(source, recovered.Start?.NextSequence ?? 1);
        return reason;
    }

    /// <summary>Notes a batch that is in the spool and that no checkpoint knows yet.</summary>
    /// <param name="bytes">How many are stored.</param>
    /// <exception cref="IOException">It is not on disk.</exception>
    public void Seal(SpoolHeader header, long bytes)
    {
        if (ledger?.Seal(ObjectOf(header, bytes), Pending) == true)
        {
            Clear();
        }
    }

    /// <summary>Notes what was read since, of which nothing was selected.</summary>
    /// <exception cref="IOException">It is not on disk.</exception>
    public void Pass()
    {
        if (ledger is not null && Pending is { IsNothing: false } pending)
        {
            ledger.Count(source, pending);
            Clear();
        }
    }

    PeriodCounts Pending =>
        gaps with { Events = events, Truncated = truncated, Oversized = oversized, Unparsable = unparsable };

    void Clear() => (events, truncated, oversized, unparsable, gaps) = (0, 0, 0, 0, PeriodCounts.None);

    static DigestObject ObjectOf(SpoolHeader header, long bytes) => new()
    {
        Name = header.Name,
        Sha256 = header.Sha256,
        Bytes = bytes,
        Records = header.Events,
        Source = header.Source,
        Sequence = header.Sequence,
        FirstEventTime = SignedTime.Cut(header.FirstEvent),
        LastEventTime = SignedTime.Cut(header.LastEvent),
        FirstPosition = header.FirstPosition,
        LastPosition = header.LastPosition,
    };
}
