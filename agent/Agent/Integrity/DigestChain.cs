using ClusterTrail.Agent.Spool;
using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Agent.Integrity;

/// <summary>An agent's chain of digests: seals the next one, and hands it over to be delivered.</summary>
/// <remarks>
/// Guarantees: a digest is sealed when its bytes and the chain's new state are on disk, which is one step. Only then can anybody see it; if
/// it is not in the spool after a crash, it is put there again. So a chain never forks and never has a hole.
/// </remarks>
sealed class DigestChain(ChainContext context, ChainFolder folder, Outbox outbox, TimeProvider time)
{
    /// <summary>How many entries of the ledger go into one digest.</summary>
    public const int MostEntries = 5000;

    /// <summary>How far digests may fill the spool beyond its limit, at which batches stop.</summary>
    public const long ReserveBytes = 16 << 20;

    readonly Lock gate = new();
    volatile ChainState? state = folder.Newest?.State;
    byte[] newest = folder.Newest?.Digest ?? [];
    TimeSpan blockedBefore;

    /// <summary>The newest digest, and what follows from it; null before the first one.</summary>
    /// <remarks>It does not wait for a digest that is being sealed: a key that is kept elsewhere may take seconds to sign.</remarks>
    public ChainState? State => state;

    /// <summary>The newest digest that the sink has confirmed, of this chain or of one before; null: none that is known.</summary>
    public ConfirmedState? Confirmed => folder.Confirmed.State;

    /// <summary>What the operator says of completeness; null: this agent reads of no API server.</summary>
    public CompletenessWord? Word { get; init; }

    /// <summary>Whether something waits that is worth a digest before its time.</summary>
    public bool HasNews => folder.Ledger.HasNews || Word?.Pending.IsNews == true;

    /// <summary>The key that signed last in this run.</summary>
    public VerifyingKey? Key { get; private set; }

    /// <summary>Seals the next digest and spools it.</summary>
    /// <exception cref="ChainKeyException">There is no key for it.</exception>
    /// <exception cref="KeyUnavailableException">The key does not sign now.</exception>
    /// <exception cref="IOException">It is not sealed, or not in the spool yet: try again.</exception>
    public void Seal(DigestReason reason, StopCause? stop = null)
    {
        lock (gate)
        {
            SpoolNewest();
            EnsureRoom();
            var before = Before();
            using var key = KeyAfter(before);
            using var next = NextKey(before, key, reason);
            var draft = new DigestDraft(context, before, state?.Sources ?? new Dictionary<string, SourceMark>());
            var (waiting, last) = Fill(draft);
            var (said, isNews) = Word?.Pending ?? default;
            draft.Add(said, isNews);
            var why = (before is null && reason == DigestReason.Period ? DigestReason.Start : reason, stop);
            var digest = draft.Finish(why, time.GetUtcNow(), (key.Public, next?.Public), waiting, DescribeSpool(out var blocked));
            var signed = SignedObject.Sign(digest.ToJson(), key);
            var after = draft.After(digest, signed, last) with { IsKeyElsewhere = folder.Keys.IsElsewhere((next ?? key).Public.Id) };
            Save(after, signed.Bytes.ToArray());
            (Key, blockedBefore) = (key.Public, blocked);
            folder.Ledger.Forget(last);
            if (said is not null)
            {
                Word!.Told(said);
            }

            SpoolNewest();
            folder.Keys.Advance(key.Public.Id);
        }
    }

    /// <summary>Makes sure that the newest digest is in the spool, or was.</summary>
    /// <exception cref="IOException">It is not.</exception>
    public void Spool()
    {
        lock (gate)
        {
            SpoolNewest();
        }
    }

    /// <summary>Notes that the sink has confirmed something, which may be a digest of this chain. For other threads.</summary>
    public void NoteConfirmed(SpoolHeader delivered)
    {
        if (state is { } now && delivered.Source == SpooledBatch.DigestsOf(now.ChainId))
        {
            folder.Confirmed.Note(new(now.ChainId, delivered.Sequence, delivered.Sha256, delivered.SealedAt));
        }
    }

    /// <summary>Notes that a digest's file in the spool is damaged. The newest one is spooled again; any other is lost.</summary>
    /// <exception cref="IOException">Nobody would know after a crash: leave the file where it is.</exception>
    /// <param name="source">Names its chain: nobody can speak for one that ended.</param>
    public void NoteDamaged(string source, long sequence)
    {
        lock (gate)
        {
            if (state is null || source != SpooledBatch.DigestsOf(state.ChainId))
            {
                return;
            }

            if (state.Sequence == sequence)
            {
                Save(state with { IsSpooled = false }, newest);
            }
            else
            {
                folder.Ledger.Lose(new LostDigest(sequence, LostBatches.Damaged));
            }
        }
    }

    // In this order: what it names and what is not in the spool afterwards was delivered, unless it was lost in between.
    (IReadOnlyCollection<(string Source, long Sequence)> Waiting, long Last) Fill(DigestDraft draft)
    {
        var entries = folder.Ledger.Oldest(MostEntries);
        foreach (var entry in entries)
        {
            draft.Add(entry);
        }

        var last = entries.Count > 0 ? entries[^1].Number : state?.Through ?? 0;
        var held = outbox.Spool.Held.Select(batch => (batch.Source, batch.Sequence)).ToHashSet();
        foreach (var lost in folder.Ledger.After(last))
        {
            held.UnionWith(lost switch
            {
                { Lost: { } range } => [(range.Source, range.From)],
                { LostDigest: { } digest } => [(SpooledBatch.DigestsOf(state!.ChainId), digest.Sequence)],
                _ => [],
            });
        }

        return (held, last);
    }

    SigningKey KeyAfter(ChainState? before) =>
        before is null ? folder.Keys.Current() : folder.Keys.Find(before.NextKeyId ?? before.KeyId);

    SigningKey? NextKey(ChainState? before, SigningKey key, DigestReason reason)
    {
        if (folder.Keys.Elsewhere is not null)
        {
            // Own keys hand over to it once.
            return folder.Keys.IsElsewhere(key.Public.Id) ? null : folder.Keys.Next();
        }

        var days = context.Limits.KeyRotationDays;
        var isDue = days > 0 && before is { NextKeyId: null } && time.GetUtcNow() >= before.KeySince.AddDays(days);
        return isDue && reason == DigestReason.Period ? folder.Keys.Next() : null;
    }

    void EnsureRoom()
    {
        if (outbox.Spool.Level.Bytes >= outbox.Spool.LimitBytes + ReserveBytes)
        {
            throw new IOException(
                "The spool is full, and so is its reserve for digests. Digests are sealed again when the sink accepts batches.");
        }
    }

    DigestSpool DescribeSpool(out TimeSpan blocked)
    {
        blocked = outbox.Spool.FullFor;
        var (bytes, batches, _) = outbox.Spool.Level;
        return new(bytes, batches, (long)(blocked - blockedBefore).TotalSeconds, context.Refused());
    }

    // Null where the chain begins. Without a key no digest can follow the ones before: the state goes first, so that a crash between
    // the two does not leave a new key with an old chain.
    ChainState? Before()
    {
        if (state is { } now && folder.Keys.IsLost(now))
        {
            folder.File.SetAside();
            return null;
        }

        return state;
    }

    void Save(ChainState now, byte[] digest)
    {
        folder.File.Save(now, digest);
        (state, newest) = (now, digest);
    }

    void SpoolNewest()
    {
        if (state is not { IsSpooled: false } now)
        {
            return;
        }

        var source = SpooledBatch.DigestsOf(now.ChainId);
        var held = outbox.Spool.Held.Any(batch => batch.Source == source && batch.Sequence == now.Sequence);
        var added = held ? null : outbox.Spool.Add(HeaderOf(now), newest);
        state = now with { IsSpooled = true };
        if (added is not null)
        {
            outbox.Deliver(added);
        }

        try
        {
            folder.File.Save(state, newest);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next start puts the same digest into the spool again, which changes nothing in the archive.
        }
    }

    SpoolHeader HeaderOf(ChainState now) => new()
    {
        Name = now.Name,
        Source = SpooledBatch.DigestsOf(now.ChainId),
        Sequence = now.Sequence,
        Events = 0,
        RecordBytes = newest.Length,
        FirstEvent = now.Until,
        LastEvent = now.Until,
        Sha256 = now.Sha256,
        PlainSha256 = now.Sha256,
        FirstPosition = "",
        LastPosition = "",
        SealedAt = now.Until,
    };
}
