using ClusterTrail.Contract;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>Follows a log through rotation, truncation, deletion and compression.</summary>
/// <remarks>
/// Guarantees: every line of a file that still exists is given out, once; a file that vanished unread is told as a gap, as soon as there is
/// a live file: at a path without one nothing is lost, and nothing forgotten.
/// Assumptions: a file that lost its name and is quiet will not grow; if it does, the growth is found within <see cref="ScanEvery"/>.
/// Caveats: at most <see cref="LogScan.MaxOpen"/> files are held open, so that deleted logs do not fill the disk while reading is stopped.
/// </remarks>
sealed class LogFollower : ISource
{
    const int LinesALook = 1000;

    static readonly TimeSpan ScanEvery = TimeSpan.FromSeconds(10);

    readonly ILogFiles files;
    readonly string path;
    readonly TimeProvider time;
    readonly TimeSpan quiet;
    readonly FileLedger ledger;
    readonly LogScan scan;
    readonly List<FollowedFile> open = [];
    bool scanWanted = true;
    long scannedAt;
    int linesSinceLook;
    bool hasLive;
    string? trouble;
    Position? lastRead;

    public LogFollower(ILogFiles files, LogFileConfiguration configuration, SourceProgress? state, Action<Gap> gapFound, TimeProvider time)
    {
        this.files = files;
        path = configuration.Path;
        this.time = time;
        quiet = TimeSpan.FromMilliseconds(configuration.RotationQuietMilliseconds);
        ledger = new(state ?? SourceProgress.Empty, time, quiet) { GapFound = gapFound };
        scan = new(files, configuration, ledger, skipsExisting: state is null && configuration.StartAt == StartAt.End, time);
    }

    public SourceProgress Progress
    {
        get
        {
            Save();
            return ledger.Progress;
        }
    }

    public SourceView View =>
        new(hasLive ? null : WhatIsMissing(), trouble, lastRead, open.Sum(file => Math.Max(0, file.Length - file.Offset)));

    public void Begin() => HasMore();

    public bool TryRead(out SourceLine line)
    {
        // Also in the midst of work: what rotates away meanwhile is opened before it is deleted.
        if (++linesSinceLook > LinesALook)
        {
            HasMore();
        }

        return TryReadOpen(out line) || (HasMore() && TryReadOpen(out line));
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

    string WhatIsMissing() => open.Exists(file => !file.IsRetired) ? MissingLog.Gone(path) : MissingLog.NotThere(path, files.HasFolder());

    /// <summary>Looks at the folder; true when there may be more to read than before.</summary>
    bool HasMore()
    {
        try
        {
            return Look();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            trouble = e.Message;
            throw;
        }
    }

    bool Look()
    {
        linesSinceLook = 0;
        var isOpen = false;
        var hasRetired = false;
        var live = files.LiveNumber();
        hasLive = live is not null;
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

        scanWanted = false;
        scannedAt = time.GetTimestamp();
        Save();
        scan.Run(open, hasLive);
        trouble = null;
        return true;
    }
}
