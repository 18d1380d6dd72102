namespace ClusterTrail.Agent.Sources;

/// <summary>A file held open until it is read to its end and quiet, whatever happens to its name.</summary>
sealed partial class FollowedFile(
    ILogFile file, string path, bool isLive, bool isCompressed, int maxLineBytes, TimeProvider time)
    : IDisposable
{
    // What is read in one turn without a line, so that a file of NULs delays neither a stop nor the heartbeat.
    const int BytesATurn = 64 << 20;

    // A file that cannot be decompressed further is not tried again at once.
    static readonly TimeSpan DamagePause = TimeSpan.FromSeconds(1);

    readonly FileActivity activity = new(!isLive, time);
    readonly ContentCheck check = new(file, time);
    readonly FileDamage damage = new(file, time);
    LineReader? reader;
    LineWalk? walk;
    Start? start;
    Proof? beginning;
    ulong seed;
    long identifiedLength = -1;
    bool hasTornEnd;

    public FileNumber Number => file.Number;

    public string Path => path;

    public FirstLine? First { get; set; }

    /// <summary>What the live name meant when this file, or its content, appeared; null when nobody looked then.</summary>
    public JustLive? Before { get; set; }

    /// <summary>Whether it has, or had last, a name that rotation gives, or the live one.</summary>
    public bool IsStep { get; set; } = true;

    /// <summary>What is remembered of it, should it go away; null when it was read to its end.</summary>
    public Sighting? Seen { get; set; }

    /// <summary>The lines that it has, as far as it was read; null until its first line is known.</summary>
    public LedgerFile? Known => walk?.Known;

    /// <summary>Whether it was shown to have all lines of <see cref="Known"/>.</summary>
    public bool IsDecided => walk is { IsDecided: true };

    /// <summary>Whether what comes next in it is new, as far as it was read.</summary>
    public bool IsAtNew => walk is { IsAtEnd: true };

    /// <summary>Whether it has more than a header of what is known.</summary>
    public bool SharesEvents => walk is { HasEvents: true };

    public bool IsCompressed => isCompressed;

    /// <summary>Its plain text.</summary>
    public ILogFile Text => file;

    public bool IsRetired => activity.IsRetired;

    public bool IsAtEnd => activity.IsAtEnd;

    public bool IsResting => activity.IsResting;

    public TimeSpan QuietFor => activity.QuietFor;

    /// <summary>What keeps it from being read.</summary>
    public FileTrouble Trouble { get; } = new(time);

    /// <summary>Why it cannot be decompressed to its end; null while it can.</summary>
    public string? Damage => damage.Reason;

    /// <summary>The first byte not given out.</summary>
    public long Offset => reader?.Offset ?? start?.Offset ?? 0;

    /// <summary>The first byte not taken from the file.</summary>
    public long ReadOffset => reader?.ReadOffset ?? Offset;

    public long Length => file.Length;

    /// <summary>How many bytes are known to wait.</summary>
    public long Lag => isCompressed ? 0 : Math.Max(0, file.Length - Offset);

    /// <summary>Whether it ends in the middle of a line.</summary>
    public bool HasTail => reader is { HasTail: true };

    public void Retire() => activity.Retire();

    /// <summary>Reads the first line, if that is still to be done; false while it has no end.</summary>
    public bool TryIdentify(bool isWhole)
    {
        if (First is null && (isWhole || file.Length != identifiedLength))
        {
            identifiedLength = file.Length;
            // Written over before it had a line: nobody knows what came between.
            Before = beginning is { } was && !was.Holds(file, was.Bytes) ? null : Before;
            First = FirstLine.Read(file, isWhole);
            beginning = First is null ? Proof.OfHead(file) : null;
        }

        return First is not null;
    }

    /// <summary>Begins to read.</summary>
    /// <param name="isRead">Whether that is its end, and it is held only for who may yet write into it.</param>
    public void Begin(Start at, FileLedger ledger, LineWalk.Forked forked, bool isRead)
    {
        if (isRead)
        {
            activity.NoteEnd();
        }

        start = at;
        walk = new(ledger, at, First!.EventAt is null, forked);
        seed = ledger.Seed;
        reader = new(file, at.Offset, maxLineBytes, seed);
    }

    /// <summary>Whether nothing more is to come: it lost its name, was read to its end, and nothing has come since then.</summary>
    public bool IsThrough() => IsRetired && IsAtEnd && !HasTail && !HasOtherContent() && (isCompressed || file.Length == ReadOffset);

    /// <summary>Whether it was cut or overwritten since it was read last; false when nobody can say.</summary>
    public bool HasOtherContent()
    {
        try
        {
            return reader is not null && First is not null && HasChanged(0);
        }
        catch (IOException)
        {
            // Reported when it is read.
            return false;
        }
    }

    /// <summary>Notes what it looked like when it was read last.</summary>
    public void LookBack(Sighting seen)
    {
        if (!isCompressed && reader is not null && reader.ReadOffset >= seen.Size)
        {
            (seen.Size, seen.Tail) = (reader.ReadOffset, Proof.Of(reader.LastRead(LineReader.HistoryBytes)));
        }
    }

    /// <summary>Notes what vouches for what was read of it.</summary>
    public void Save()
    {
        if (reader is not null && walk is { IsAtEnd: true })
        {
            walk.Known.Prove(reader.History, start!.Crc is { } before && reader.Crc is { } since
                ? Crc32Join.Join(before, since, reader.Offset - start.Offset)
                : null);
        }
    }

    /// <summary>Notes that it cannot be decompressed further; it may be in the making.</summary>
    public void NoteDamage(string reason)
    {
        if (damage.TryNote(reason))
        {
            activity.NoteGrowth();
        }
    }

    /// <summary>Takes it for another file from now on: it has another content.</summary>
    public void StartOver()
    {
        Save();
        Before = Known is { } known ? new(known, WasMissing: false, check.SameFor) : null;
        reader?.Dispose();
        (reader, walk, start, First, Seen) = (null, null, null, null, null);
        (identifiedLength, hasTornEnd) = (-1, false);
        activity.NoteNoEnd();
        activity.NoteGrowth();
    }

    /// <summary>When its last event happened, read or not.</summary>
    public DateTimeOffset? LastEvent() => (isCompressed ? null : EventTimes.Before(file, file.Length)) ?? Known?.LastEvent;

    public void Dispose()
    {
        reader?.Dispose();
        file.Dispose();
    }

    bool HasChanged(int read) => !isCompressed && check.HasChanged(reader!, First!, read);
}
