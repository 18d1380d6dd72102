using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Agent.Integrity;

/// <summary>What was sealed, read and lost, and no digest says yet. All threads may use it.</summary>
/// <remarks>
/// Guarantee: a batch is here, on disk, before its checkpoint knows it and before it is delivered, until a digest names it that is on disk.
/// So whatever crashes when, each batch is named once.
/// </remarks>
sealed class DigestLedger : IDisposable
{
    /// <summary>How many wait at most; of more the oldest are forgotten, and the next digest says which numbers it does not know.</summary>
    const int MostEntries = 20_000;

    const long LargestWaste = 1 << 20;

    readonly Lock gate = new();
    readonly DigestLedgerFile file;
    readonly Dictionary<string, string> newest;
    readonly List<LedgerEntry> entries;
    long last;
    // The last entry that is on disk.
    long written;

    /// <param name="through">The last entry that a digest has said.</param>
    /// <param name="named">The hash of the newest batch that a digest names, of each source.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public DigestLedger(DigestLedgerFile file, long through, IReadOnlyDictionary<string, string> named)
    {
        this.file = file;
        newest = new(named);
        entries = [.. file.Read().Where(entry => entry.Number > through).OrderBy(entry => entry.Number)];
        written = last = entries.Count > 0 ? entries[^1].Number : through;
        foreach (var entry in entries.Where(entry => entry.Sealed is not null))
        {
            newest[entry.Source] = entry.Sealed!.Sha256;
        }
    }

    /// <summary>Whether something waits that is worth a digest before its time.</summary>
    public bool HasNews
    {
        get
        {
            lock (gate)
            {
                return entries.Exists(entry => entry.IsNews);
            }
        }
    }

    /// <summary>Whether more waits than a digest has room for.</summary>
    public bool HasMany
    {
        get
        {
            lock (gate)
            {
                return entries.Count >= DigestChain.MostEntries;
            }
        }
    }

    /// <summary>Notes a batch, once, however often it is called for the newest one.</summary>
    /// <returns>Whether it was not known.</returns>
    /// <exception cref="IOException">It is not on disk.</exception>
    public bool Seal(DigestObject batch, PeriodCounts counts)
    {
        lock (gate)
        {
            if (newest.GetValueOrDefault(batch.Source) == batch.Sha256)
            {
                return false;
            }

            Write(new() { Source = batch.Source, Sealed = batch, Counts = counts.IsNothing ? null : counts });
            newest[batch.Source] = batch.Sha256;
            return true;
        }
    }

    /// <summary>Notes what was read that is in no batch.</summary>
    /// <exception cref="IOException">It is not on disk.</exception>
    public void Count(string source, PeriodCounts counts)
    {
        lock (gate)
        {
            Write(new() { Source = source, Counts = counts });
        }
    }

    /// <summary>Notes what cannot be delivered, once.</summary>
    /// <exception cref="IOException">It is not on disk; it goes there with what comes next.</exception>
    public void Lose(LostBatches batches) => Note(new() { Source = batches.Source, Lost = batches });

    /// <summary>Notes a digest that cannot be delivered, once.</summary>
    /// <exception cref="IOException">It is not on disk; it goes there with what comes next.</exception>
    public void Lose(LostDigest digest) => Note(new() { Source = "", LostDigest = digest });

    /// <summary>Notes with which number a source goes on, after all that an earlier run left here.</summary>
    public void GoOn(string source, long sequence)
    {
        lock (gate)
        {
            entries.Add(new() { Number = ++last, Source = source, GoesOnWith = sequence });
        }
    }

    /// <summary>The oldest entries, on disk.</summary>
    /// <exception cref="IOException">They are not.</exception>
    public IReadOnlyList<LedgerEntry> Oldest(int most)
    {
        lock (gate)
        {
            Write();
            return [.. entries.Take(most)];
        }
    }

    /// <summary>Those that were added since.</summary>
    public IReadOnlyList<LedgerEntry> After(long number)
    {
        lock (gate)
        {
            return [.. entries.SkipWhile(entry => entry.Number <= number)];
        }
    }

    /// <summary>Forgets what a digest has said that is on disk for good.</summary>
    public void Forget(long through)
    {
        lock (gate)
        {
            entries.RemoveAll(entry => entry.Number <= through);
            if (file.Bytes > 0 && (entries.Count == 0 || file.Bytes > LargestWaste))
            {
                TryClean();
            }
        }
    }

    public void Dispose() => file.Dispose();

    void Note(LedgerEntry entry)
    {
        lock (gate)
        {
            if (!entries.Exists(known => known.Lost == entry.Lost && known.LostDigest == entry.LostDigest))
            {
                Append(entry);
            }

            Write();
        }
    }

    void Write(LedgerEntry entry)
    {
        Append(entry);
        try
        {
            Write();
        }
        catch (Exception)
        {
            // The caller tries again, with the same one.
            entries.RemoveAt(entries.Count - 1);
            last--;
            throw;
        }
    }

    void Append(LedgerEntry entry)
    {
        if (entries.Count >= MostEntries)
        {
            entries.RemoveAt(0);
        }

        entries.Add(entry with { Number = ++last });
    }

    void Write()
    {
        var first = entries.Count;
        while (first > 0 && entries[first - 1].Number > written)
        {
            first--;
        }

        List<LedgerEntry> unwritten = [.. entries.Skip(first).Where(entry => entry.GoesOnWith is null)];
        if (unwritten.Count > 0)
        {
            file.Add(unwritten);
        }

        written = last;
    }

    // Entries that stay in the file though they are said are skipped by their numbers at the next start.
    void TryClean()
    {
        try
        {
            file.Replace([.. entries.Where(entry => entry.GoesOnWith is null)]);
            written = last;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
