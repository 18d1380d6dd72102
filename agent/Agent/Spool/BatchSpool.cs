using ClusterTrail.Agent.Files;
using ClusterTrail.Agent.Sources;

namespace ClusterTrail.Agent.Spool;

/// <summary>Sealed batches on local disk that the sink has not confirmed yet.</summary>
/// <remarks>
/// Guarantees: a batch that was added survives a crash and a power cut; a damaged one is quarantined, and the others are delivered. Of
/// each batch it keeps some tens of bytes in memory, and reads the file when its turn comes.
/// </remarks>
sealed class BatchSpool
{
    readonly string folder;
    readonly TimeProvider time;
    readonly Action ensureOurs;
    readonly Lock gate = new();
    readonly SortedSet<SpooledBatch> batches = new(SpooledBatch.Order);
    readonly SortedSet<SpooledBatch> aside = new(SpooledBatch.Order);
    readonly Dictionary<string, SpooledBatch> newest = [];
    readonly FullTime full;
    readonly SpoolQuarantine quarantine;
    Action<string, string, string> quarantined = (_, _, _) => { };
    long bytes;

    /// <param name="ensureOurs">Throws an IOException when nothing may be written into the folder any more.</param>
    public BatchSpool(string folder, long limitBytes, TimeProvider time, Action? ensureOurs = null)
    {
        (this.folder, this.time, this.ensureOurs) = (folder, time, ensureOurs ?? (() => { }));
        (LimitBytes, full, quarantine) = (limitBytes, new(time), new(folder, time));
        DurableDirectory.Create(folder);
    }

    public long LimitBytes { get; }

    public bool IsFull => Volatile.Read(ref bytes) >= LimitBytes;

    /// <summary>
    /// Called before a damaged batch is taken out of the spool, with its source and number; while it throws an IOException, it stays.
    /// </summary>
    public Action<string, long> Losing { get; init; } = (_, _) => { };

    /// <summary>How long it was full in all.</summary>
    public TimeSpan FullFor => Locked(() => full.Total);

    /// <summary>All that it holds, oldest first.</summary>
    public IReadOnlyList<SpooledBatch> Held => Locked(() => batches.ToArray());

    /// <summary>What it holds, and how long the oldest batch has waited that is not set aside.</summary>
    public (long Bytes, int Batches, TimeSpan OldestAge) Level => Locked(() =>
    {
        var oldest = batches.FirstOrDefault(batch => !aside.Contains(batch));
        return (bytes, batches.Count, oldest is null ? TimeSpan.Zero : time.GetUtcNow() - oldest.SealedAt);
    });

    /// <summary>Finds what an earlier run left, oldest first, by the names alone.</summary>
    /// <param name="quarantined">Called for each damaged file that is quarantined: its source, its path, and what is wrong with it.</param>
    public IReadOnlyList<SpooledBatch> Open(Action<string, string, string> quarantined)
    {
        this.quarantined = quarantined;
        foreach (var unfinished in Directory.EnumerateFiles(folder, "*.tmp"))
        {
            File.Delete(unfinished);
        }

        foreach (var (batch, path) in SpoolListing.Of(folder))
        {
            if (batch is null)
            {
                TakeAway(path!, "Its name is not the name of a batch.");
            }
            else
            {
                Include(batch);
            }
        }

        return Held;
    }

    /// <summary>
    /// The newest batch of a source that is whole, and the source's progress after it; damaged ones are quarantined and reported.
    /// </summary>
    /// <returns>Null when there is none. The progress is null when a newer batch had it, which is gone.</returns>
    public (SpooledBatch Batch, SourceProgress? End)? Newest(string source)
    {
        while (newest.TryGetValue(source, out var batch))
        {
            try
            {
                return (batch, SpoolFile.ReadEnd(batch.Path));
            }
            catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                TakeAway(batch.Path, e.Message);
                Exclude(batch);
                NoteNewest(source);
            }
        }

        return null;
    }

    /// <summary>Puts a batch on disk, for good; with the source's progress after it, it is a checkpoint until the next one.</summary>
    /// <exception cref="IOException">It is not there: the disk is full or broken.</exception>
    public SpooledBatch Add(SpoolHeader header, ReadOnlySpan<byte> content, SourceProgress? end = null)
    {
        ensureOurs();
        var before = NewestKnown(header.Source);
        // As exact as its name, so that a restart finds the same order.
        var sealedAt = DateTimeOffset.FromUnixTimeMilliseconds(header.SealedAt.ToUnixTimeMilliseconds());
        var batch = new SpooledBatch(folder, header.Source, header.Sequence, sealedAt, 0, IsNamedByTime: true);
        SpoolFile.Write(batch.Path, header, content, end);
        batch = batch with { Bytes = SpooledBatch.OnDisk(new FileInfo(batch.Path).Length) };
        Include(batch);
        if (end is not null && before is not null && before != batch)
        {
            CutEnd(before);
        }

        return batch;
    }

    /// <summary>The batch as it was sealed.</summary>
    /// <param name="buffer">Where its content is put.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public (SpoolHeader Header, ReadOnlyMemory<byte> Content) Read(SpooledBatch batch, ReadBuffer buffer)
    {
        // Otherwise batches in a folder that was only moved would count as lost.
        ensureOurs();
        return SpoolFile.Read(batch.Path, buffer);
    }

    /// <summary>Removes a batch that the sink has confirmed. Removing it twice is not an error.</summary>
    public void Remove(SpooledBatch batch)
    {
        ensureOurs();
        if (File.Exists(batch.Path))
        {
            File.Delete(batch.Path);
        }

        Exclude(batch);
    }

    /// <summary>Notes that the sink refuses the batch and takes others: its age says nothing of the sink.</summary>
    public void SetAside(SpooledBatch batch)
    {
        lock (gate)
        {
            aside.Add(batch);
        }
    }

    /// <summary>Moves a damaged batch to quarantine, if there is anything left of it.</summary>
    public void Quarantine(SpooledBatch batch)
    {
        ensureOurs();
        Losing(batch.Source, batch.Sequence);
        quarantine.Take(batch.Path);
        Exclude(batch);
    }

    void TakeAway(string path, string reason)
    {
        try
        {
            if (SpoolName.TryParse(Path.GetFileName(path), out var source, out var sequence, out _))
            {
                Losing(source.ToString(), sequence);
            }
        }
        catch (IOException)
        {
            // At a start, when nobody would try again.
        }

        quarantine.Take(path);
        quarantined(SpoolName.SourceOf(path), path, reason);
    }

    // Space is all that it takes if it cannot be cut off, or is not because of a crash.
    void CutEnd(SpooledBatch batch)
    {
        try
        {
            var left = SpooledBatch.OnDisk(SpoolFile.CutEnd(batch.Path));
            lock (gate)
            {
                if (batches.TryGetValue(batch, out var kept) && batches.Remove(kept))
                {
                    batches.Add(kept with { Bytes = left });
                    bytes += left - kept.Bytes;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
        }
    }

    SpooledBatch? NewestKnown(string source) => Locked(() => newest.GetValueOrDefault(source));

    T Locked<T>(Func<T> read)
    {
        lock (gate)
        {
            return read();
        }
    }

    void NoteNewest(string source)
    {
        lock (gate)
        {
            if (batches.Where(batch => batch.Source == source).MaxBy(batch => batch.Sequence) is { } next)
            {
                newest[source] = next;
            }
        }
    }

    void Include(SpooledBatch batch)
    {
        lock (gate)
        {
            bytes += batches.Add(batch) ? batch.Bytes : 0;
            full.Note(IsFull);
            if (!newest.TryGetValue(batch.Source, out var known) || known.Sequence <= batch.Sequence)
            {
                newest[batch.Source] = batch;
            }
        }
    }

    void Exclude(SpooledBatch batch)
    {
        lock (gate)
        {
            aside.Remove(batch);
            bytes -= batches.TryGetValue(batch, out var kept) && batches.Remove(kept) ? kept.Bytes : 0;
            full.Note(IsFull);
            if (newest.TryGetValue(batch.Source, out var known) && known.Sequence == batch.Sequence)
            {
                newest.Remove(batch.Source);
            }
        }
    }
}
