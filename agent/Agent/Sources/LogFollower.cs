using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Sources;

/// <summary>Follows a log through rotation, truncation, deletion and compression.</summary>
/// <remarks>
/// Guarantees: every line of a file that still exists is given out, once; a file that vanished unread is told as a gap.
/// Assumptions: a file that lost its name and is quiet will not grow; if it does, the growth is found within <see cref="ScanEvery"/>.
/// Caveats: at most <see cref="MaxOpen"/> files are held open, so that deleted logs do not fill the disk while reading is stopped.
/// </remarks>
sealed class LogFollower : ISource
{
    const int MaxOpen = 8;

    static readonly TimeSpan ScanEvery = TimeSpan.FromSeconds(10);

    readonly ILogFiles files;
    readonly LogFileConfiguration configuration;
    readonly TimeProvider time;
    readonly TimeSpan quiet;
    readonly FileLedger ledger;
    readonly HashSet<string> readGzips = [];
    readonly Dictionary<string, (long Length, long Since)> unended = [];
    readonly List<FollowedFile> open = [];
    Exception? unreadable;
    bool skipsExisting;
    bool scanWanted = true;
    long scannedAt;
    Position? lastRead;

    public LogFollower(ILogFiles files, LogFileConfiguration configuration, SourceProgress? state, Action<Gap> gapFound, TimeProvider time)
    {
        this.files = files;
        this.configuration = configuration;
        this.time = time;
        quiet = TimeSpan.FromMilliseconds(configuration.RotationQuietMilliseconds);
        skipsExisting = state is null && configuration.StartAt == StartAt.End;
        ledger = new(state ?? SourceProgress.Empty, time, quiet) { GapFound = gapFound };
    }

    public SourceProgress Progress
    {
        get
        {
            Save();
            return ledger.Progress;
        }
    }

    public SourceView View => new(open.Count > 0, lastRead, open.Sum(file => Math.Max(0, file.Length - file.Offset)));

    public void Begin() => HasMore();

    public bool TryRead(out SourceLine line)
    {
        if (TryReadOpen(out line))
        {
            return true;
        }

        return HasMore() && TryReadOpen(out line);
    }

    public void Dispose()
    {
        open.ForEach(file => file.Dispose());
        open.Clear();
    }

    // The oldest first; while it has nothing to give, those after it.
    bool TryReadOpen(out SourceLine line)
    {
        for (var at = 0; at < open.Count; at++)
        {
            if (TryReadFrom(open[at], out line, out var isDone))
            {
                return true;
            }

            if (isDone)
            {
                open[at].Dispose();
                open.RemoveAt(at--);
                scanWanted = true;
            }
        }

        line = default;
        return false;
    }

    bool TryReadFrom(FollowedFile file, out SourceLine line, out bool isDone)
    {
        line = default;
        isDone = false;
        if (!TryIdentify(file))
        {
            isDone = file.IsRetired && file.Length == 0;
            return false;
        }

        try
        {
            while (true)
            {
                var result = file.Read(out var raw);
                if (result != ReadResult.Line && !TryReadTail(file, result, out raw))
                {
                    isDone = IsDone(file, result);
                    return false;
                }

                if (raw.Text is not ([] or [(byte)'\r']))
                {
                    lastRead = new(file.First!.Id, file.Offset);
                    line = new(raw.Text, new Position(file.First.Id, raw.Offset), raw.Oversized);
                    return true;
                }
            }
        }
        catch (InvalidDataException)
        {
            isDone = GiveUp(file);
            return false;
        }
    }

    bool TryIdentify(FollowedFile file)
    {
        if (file.First is not null)
        {
            return true;
        }

        if (!file.TryIdentify(isWhole: file.IsRetired && file.QuietFor >= quiet))
        {
            return false;
        }

        if (ledger.Of(file.First!.Id) is { } progress)
        {
            file.SkipTo(progress.Offset);
        }

        return true;
    }

    bool TryReadTail(FollowedFile file, ReadResult result, out RawLine line)
    {
        var isEnded = result == ReadResult.End && file is { IsRetired: true, HasTail: true } && file.QuietFor >= quiet;
        line = isEnded ? file.ReadTail() : default;
        return isEnded;
    }

    bool IsDone(FollowedFile file, ReadResult result)
    {
        if (result == ReadResult.End && file is { IsRetired: true, HasTail: false })
        {
            // The class library ends a gzip file that was cut off as if it were whole; the length in its trailer tells.
            if (file.IsGzip && (file.Offset & uint.MaxValue) != file.Length)
            {
                ledger.AddGap(file.First!.Id, file.Offset, null, "Damaged");
            }

            ledger.Finish(file.First!.Id, file.Offset);
            return true;
        }

        if (result == ReadResult.Changed)
        {
            // What was in the file may live on in a copy: not finished, and a gap if there is none.
            Save(file, Math.Max(file.Offset, ledger.Of(file.First!.Id)?.Length ?? 0));
        }

        return result == ReadResult.Changed;
    }

    bool GiveUp(FollowedFile file)
    {
        if (file.QuietFor < quiet)
        {
            return false;
        }

        ledger.AddGap(file.First!.Id, file.Offset, null, "Damaged");
        ledger.Finish(file.First.Id, file.Offset);
        return true;
    }

    void Save()
    {
        foreach (var file in open.Where(file => file.First is not null))
        {
            Save(file, file.IsGzip ? file.Offset : Math.Max(file.Offset, file.Length));
        }
    }

    void Save(FollowedFile file, long length) => ledger.Advance(file.First!.Id, file.Offset, length);

    /// <summary>Looks at the folder; true when there may be more to read than before.</summary>
    bool HasMore()
    {
        var isOpen = false;
        var hasRetired = false;
        var live = files.LiveNumber();
        foreach (var file in open)
        {
            isOpen |= file.Number == live;
            // A file deleted under its writer may still grow, until there is a new one in its place.
            if (live is not null && file.Number != live)
            {
                file.Retire();
                hasRetired = true;
            }
        }

        if ((live is null || isOpen) && !scanWanted && !ledger.IsWaiting && time.GetElapsedTime(scannedAt) < ScanEvery)
        {
            return hasRetired;
        }

        Scan();
        return true;
    }

    void Scan()
    {
        scanWanted = false;
        scannedAt = time.GetTimestamp();
        Save();
        var present = new HashSet<FileId>();
        unreadable = null;
        IReadOnlyList<string> names;
        do
        {
            // The live file first: a copy of it is not a second log. Again when something was renamed meanwhile.
            names = files.ListRotated();
            TryConsider(files.OpenLive, "", isLive: true, present);
            foreach (var name in names.TakeWhile(_ => open.Count < MaxOpen))
            {
                TryConsider(() => files.OpenRotated(name), name, isLive: false, present);
            }
        }
        while (open.Count < MaxOpen && !names.SequenceEqual(files.ListRotated()));

        skipsExisting = false;
        if (open.Count < MaxOpen && unreadable is null)
        {
            ledger.Compare(present);
        }

        var byAge = open.OrderBy(file => file.IsRetired ? 0 : 1).ToList();
        open.Clear();
        open.AddRange(byAge);
        if (unreadable is not null)
        {
            throw new IOException(unreadable.Message, unreadable);
        }
    }

    // One file that cannot be read keeps no other from being read; it is told when all were looked at.
    void TryConsider(Func<ILogFile?> openFile, string name, bool isLive, HashSet<FileId> present)
    {
        ILogFile? file = null;
        try
        {
            file = openFile();
            Consider(file, name, isLive, present);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            unreadable = e;
        }
    }

    void Consider(ILogFile? file, string name, bool isLive, HashSet<FileId> present)
    {
        if (file is null)
        {
            return;
        }

        var isGzip = name.EndsWith(".gz", StringComparison.Ordinal);
        var readable = isGzip ? new GzipLogFile(file) : file;
        var first = open.Find(other => other.Number == file.Number) is { } same ? same.First : Identify(readable, name, isLive);
        var isKnown = open.Exists(other => other.Number == file.Number || (first is not null && other.First?.Id == first.Id));
        var isFirst = first is null || present.Add(first.Id);
        if (isKnown || !isFirst || !IsWanted(readable, first, name, isLive))
        {
            readable.Dispose();
            return;
        }

        var offset = first is null ? 0 : ledger.Of(first.Id)?.Offset ?? 0;
        open.Add(new(readable, first, offset, isLive, isGzip, configuration.MaxEventBytes, time));
    }

    bool IsWanted(ILogFile file, FirstLine? first, string name, bool isLive)
    {
        if (first is null)
        {
            return isLive;
        }

        if (skipsExisting)
        {
            Skip(file, first, isLive);
        }

        var isGzip = name.EndsWith(".gz", StringComparison.Ordinal);
        return isLive
            || ledger.Of(first.Id) is not { Finished: true } progress
            // A gzip file's length is only known modulo 4 GiB, and wrongly for several members: then it is read through once.
            || (isGzip ? (progress.Offset & uint.MaxValue) != file.Length && readGzips.Add(name) : file.Length > progress.Offset);
    }

    void Skip(ILogFile file, FirstLine first, bool isLive)
    {
        if (isLive)
        {
            ledger.Advance(first.Id, LineEnd.Last(file), file.Length);
        }
        else
        {
            ledger.Finish(first.Id, file.Length);
        }
    }

    // A sibling without any newline may be a copy in the making: it is taken as it is only after it was quiet.
    FirstLine? Identify(ILogFile file, string name, bool isLive)
    {
        try
        {
            if (FirstLine.Read(file, isWhole: false) is { } first)
            {
                return first;
            }

            return !isLive && file.Length > 0 && IsQuiet(file, name) ? FirstLine.Read(file, isWhole: true) : null;
        }
        catch (InvalidDataException)
        {
            NoteUnreadable(file, name);
            return null;
        }
    }

    bool IsQuiet(ILogFile file, string name)
    {
        if (!unended.TryGetValue(name, out var before) || before.Length != file.Length)
        {
            before = unended[name] = (file.Length, time.GetTimestamp());
        }

        return time.GetElapsedTime(before.Since) >= quiet;
    }

    // Damaged before its first line ends, and the plain file gone: nobody can say what was in it, and so it is told by its inode.
    void NoteUnreadable(ILogFile file, string name)
    {
        if (!skipsExisting && IsQuiet(file, name) && !files.ListRotated().Contains(name[..^".gz".Length]))
        {
            ledger.AddGap(new(file.Number.Inode, (ulong)file.Length), 0, null, "Damaged");
        }
    }
}
