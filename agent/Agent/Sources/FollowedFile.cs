namespace ClusterTrail.Agent.Sources;

/// <summary>A file held open until it is read to its end and quiet, whatever happens to its name.</summary>
sealed class FollowedFile(ILogFile file, string path, bool isLive, bool isCompressed, int maxLineBytes, TimeProvider time) : IDisposable
{
    const int TailBytes = 64;

    // What is read in one turn without a line, so that a file of NULs delays neither a stop nor the heartbeat.
    const int BytesATurn = 64 << 20;

    static readonly TimeSpan RestingLook = TimeSpan.FromSeconds(1);

    LineReader? reader;
    LineComparison? comparison;
    long startOffset;
    uint? startCrc;
    long identifiedLength = -1;
    long grownAt = time.GetTimestamp();
    long endedAt;
    long seenLength;
    long damagedLength;
    long damagedAt;

    public FileNumber Number => file.Number;

    public string Path => path;

    public FirstLine? First { get; set; }

    /// <summary>What the live name meant when this file, or its content, appeared; null when nobody looked then.</summary>
    public JustLive? Before { get; set; }

    /// <summary>What is known of it; null until it is known which file it is.</summary>
    public LedgerFile? Known { get; private set; }

    /// <summary>The files that it may be, while that is not known.</summary>
    public LineComparison? Comparison => comparison;

    public bool IsCompressed => isCompressed;

    /// <summary>Whether it has its name no more, and so should not grow.</summary>
    public bool IsRetired { get; private set; } = !isLive;

    /// <summary>Whether the last read came to its end.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Whether it was read to its end a moment ago and hardly grows: so many may be held open that none is looked at all the time.</summary>
    public bool IsResting => IsRetired && IsAtEnd && time.GetElapsedTime(endedAt) < RestingLook;

    /// <summary>What keeps it from being read.</summary>
    public FileTrouble Trouble { get; } = new(time);

    /// <summary>Whether it is to be closed: another file goes on in its place, or it has another content now.</summary>
    public bool IsReleased { get; private set; }

    /// <summary>Why it cannot be decompressed to its end; null while it can.</summary>
    public string? Damage { get; private set; }

    public bool IsDamaged => Damage is not null;

    public long Offset => reader?.Offset ?? Known?.Offset ?? 0;

    public long Length => file.Length;

    /// <summary>How many bytes are known to wait.</summary>
    public long Lag => isCompressed ? 0 : Math.Max(0, file.Length - Offset);

    /// <summary>Whether it ends in the middle of a line.</summary>
    public bool HasTail => reader is { HasTail: true };

    public TimeSpan QuietFor => time.GetElapsedTime(grownAt);

    public void Retire()
    {
        if (!IsRetired)
        {
            // Something may have come since its end was seen.
            (IsRetired, IsAtEnd) = (true, false);
            grownAt = time.GetTimestamp();
        }
    }

    /// <summary>Reads the first line, if that is still to be done; false while it has no end.</summary>
    public bool TryIdentify(bool isWhole)
    {
        if (First is null && (isWhole || file.Length != identifiedLength))
        {
            identifiedLength = file.Length;
            First = FirstLine.Read(file, isWhole);
        }

        return First is not null;
    }

    /// <summary>Goes on with a file whose bytes up to there it was shown to have.</summary>
    public void GoOn(LedgerFile known)
    {
        (Known, comparison) = (known, null);
        NoteInode(known);
        (startOffset, startCrc) = (known.Offset, known.Offset == 0 ? 0 : known.Crc);
        reader = new(file, known.Offset, maxLineBytes);
        seenLength = isCompressed ? 0 : file.Length;
    }

    /// <summary>Reads it from its beginning until it is known which file it is.</summary>
    public void Compare(LineComparison candidates)
    {
        comparison = candidates;
        (startOffset, startCrc) = (0, 0);
        reader = new(file, 0, maxLineBytes);
    }

    public ReadResult Read(FileOwners owners, out RawLine line)
    {
        line = default;
        IsAtEnd = false;
        if (IsDamaged && (file.Length == damagedLength || time.GetElapsedTime(damagedAt) < RestingLook))
        {
            return ReadResult.Waiting;
        }

        Damage = null;
        for (long left = BytesATurn; left > 0;)
        {
            if (comparison is not null && !TrySettle(owners))
            {
                return ReadResult.Waiting;
            }

            if (reader!.TryTake(out line))
            {
                left -= line.Length;
                if (IsNew(line, owners))
                {
                    return ReadResult.Line;
                }

                continue;
            }

            var read = reader.Fill();
            if (HasChanged(read))
            {
                reader.Unfill(read);
                return ReadResult.Changed;
            }

            // Only a length that goes with this content: what another one has is not missing.
            seenLength = isCompressed ? 0 : Math.Max(reader.ReadOffset, file.Length);

            if (read == 0)
            {
                IsAtEnd = true;
                endedAt = time.GetTimestamp();
                return ReadResult.End;
            }

            left -= read;
            grownAt = time.GetTimestamp();
        }

        line = default;
        return ReadResult.Busy;
    }

    /// <summary>What stands after the last newline, as a line; false when it is known already.</summary>
    public bool TryReadTail(FileOwners owners, out RawLine line)
    {
        line = reader!.TakeTail();
        return IsNew(line, owners);
    }

    /// <summary>Whether it was read to its end, and nothing has come since then.</summary>
    public bool IsThrough() => IsAtEnd && (isCompressed || (file.Length == reader!.ReadOffset && (IsRetired || !HasTail) && !HasChanged(0)));

    /// <summary>What tells this file from others, before it is known which one it is.</summary>
    public Proof? Head()
    {
        Span<byte> head = stackalloc byte[LineReader.HistoryBytes];
        return Proof.Of(head[..FileBytes.Fill(file, head, 0)]);
    }

    /// <summary>Whether it begins with these bytes; also when nobody can say.</summary>
    public bool Begins(Proof head)
    {
        try
        {
            return head.Holds(file, head.Bytes);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return true;
        }
    }

    /// <summary>Notes how long it is; false when it has another content now.</summary>
    public bool TryMeasure()
    {
        if (reader is null || First is null)
        {
            return true;
        }

        if (HasChanged(0))
        {
            return false;
        }

        seenLength = isCompressed ? 0 : file.Length;
        return true;
    }

    /// <summary>Notes in the ledger how far it was read.</summary>
    public void Save()
    {
        if (Known is not { } known || reader is null)
        {
            return;
        }

        if (known.Offset != reader.Offset)
        {
            known.Offset = reader.Offset;
            known.Proof = Proof.Of(reader.History);
            known.LastEvent = EventTimes.Last(reader.History) ?? known.LastEvent;
            known.Crc = startCrc is { } before && reader.Crc is { } since ? Crc32Join.Join(before, since, reader.Offset - startOffset) : null;
            known.IsFinished = false;
        }

        if (known.Offset < LineReader.HistoryBytes && !IsReleased)
        {
            NoteHead(known);
        }
        else
        {
            known.Head = null;
        }

        known.Length = Math.Max(known.Length, Math.Max(known.Offset, seenLength));
    }

    /// <summary>Notes that it cannot be decompressed further; it may be in the making.</summary>
    public void NoteDamage(string reason)
    {
        if (Damage is null)
        {
            (Damage, damagedLength, damagedAt) = (reason, file.Length, time.GetTimestamp());
            grownAt = damagedAt;
        }
    }

    /// <summary>Takes it for another file from now on: it has another content.</summary>
    public void StartOver()
    {
        Save();
        Before = Known is { } known ? new(known, WasMissing: false, TimeSpan.Zero) : null;
        reader?.Dispose();
        (reader, comparison, Known, First) = (null, null, null, null);
        (identifiedLength, seenLength, IsAtEnd) = (-1, 0, false);
        grownAt = time.GetTimestamp();
    }

    /// <summary>Lets another file go on from where this one is.</summary>
    public void Release()
    {
        Save();
        (Known, IsReleased) = (null, true);
    }

    /// <summary>When its last event happened, read or not.</summary>
    public DateTimeOffset? LastEvent() => isCompressed ? Known?.LastEvent : EventTimes.Before(file, file.Length) ?? Known?.LastEvent;

    public void Dispose()
    {
        reader?.Dispose();
        file.Dispose();
    }

    // Before the next line: whose lines end here, and who reads on from there?
    bool TrySettle(FileOwners owners)
    {
        if (comparison!.Ended.Any(known => owners.IsBusy(known, this)))
        {
            return false;
        }

        if (!comparison.AnyGoesOn && comparison.Ended.FirstOrDefault(known => owners.HolderOf(known) is null && CanBe(known)) is { } free)
        {
            Become(free, owners);
        }

        return true;
    }

    void NoteInode(LedgerFile known) => known.Inode = isCompressed ? known.Inode : file.Number.Inode;

    bool CanBe(LedgerFile known) => known.Head is not { } head || head.Holds(file, head.Bytes);

    // Only of the content that is read: what begins otherwise is another file.
    void NoteHead(LedgerFile known)
    {
        try
        {
            if (isCompressed || !HasChanged(0))
            {
                known.Head = Head();
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            // Told when it is read.
        }
    }

    bool IsNew(in RawLine line, FileOwners owners)
    {
        var entry = LineEntry.Of(line, owners.Seed);
        if (comparison is null)
        {
            NoteFirstEvent(line);
            Known!.Journal?.Add(entry);
            return true;
        }

        if (comparison.TryPass(entry) || comparison.TryJoin(owners.Like(First!), entry))
        {
            return false;
        }

        if (comparison.IsUnproven)
        {
            owners.Decided(this);
            ReadAgain(owners.Fork(comparison.Parent, 0, line, owners.NewJournal()));
            return false;
        }

        var parent = comparison.Parent;
        Become(owners.Successor(comparison, line, CanBe), owners);
        if (Known != parent)
        {
            // Nothing but a header is shared: it is the next file of the log, and not one that was cut.
            var isNext = line.Offset <= LineReader.HistoryBytes && Known!.FirstEvent is null && EventTimes.Before(file, line.Offset) is null;
            owners.Follow(Known!, parent, this, isNext);
        }

        NoteFirstEvent(line);
        Known!.Journal?.Add(entry);
        return true;
    }

    void NoteFirstEvent(in RawLine line)
    {
        if (Known!.FirstEvent is null && line.Offset <= LineReader.HistoryBytes)
        {
            Known.FirstEvent = EventTimes.Last(line.Text);
        }
    }

    // Of the known file only the length was known, and this is not it: better twice than not at all.
    void ReadAgain(LedgerFile fork)
    {
        reader!.Dispose();
        GoOn(fork);
    }

    void Become(LedgerFile known, FileOwners owners)
    {
        owners.Decided(this);
        Known = known;
        NoteInode(known);
        known.Journal ??= comparison!.Own.For(known.Id);
        comparison = null;
    }

    // Checked after the read, so that no byte of another content is taken for one of this.
    bool HasChanged(int read)
    {
        if (isCompressed)
        {
            return false;
        }

        Span<byte> now = stackalloc byte[TailBytes];
        var end = reader!.ReadOffset - read;
        var last = reader.LastRead(TailBytes + read)[..^read];
        return (read == 0 && file.Length < end)
            || !First!.IsStillOf(file)
            || FileBytes.Fill(file, now[..last.Length], end - last.Length) < last.Length
            || !now[..last.Length].SequenceEqual(last);
    }
}
