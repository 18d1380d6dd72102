using ClusterTrail.Contract;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>Follows a log through rotation, truncation, deletion, compression and power cuts.</summary>
/// <remarks>
/// Guarantees: every line of a file that still exists is given out, once; what went away unread is told as a gap, as soon as there is a live
/// file, and so is what nobody saw but must have been there. At a path without a log nothing is lost, and nothing forgotten.
/// Assumptions: who writes into a file that lost its name does so before it was quiet for <c>lateWriterSeconds</c>.
/// Caveats: at most <see cref="LogScan.MaxOpen"/> files with something to read are held open, and <see cref="FileEnds.MaxResting"/> that were read,
/// so that deleted logs do not fill the disk for long.
/// </remarks>
sealed class LogFollower : ISource
{
    const int LinesALook = 1000;

    static readonly TimeSpan ScanEvery = TimeSpan.FromSeconds(10);

    readonly ILogFiles files;
    readonly MissingLog missing;
    readonly FollowerReport report;
    readonly TimeProvider time;
    readonly FileLedger ledger;
    readonly Sightings sightings;
    readonly Forks forks;
    readonly Contents contents;
    readonly UnreadFiles unread;
    readonly ContentFinder finder;
    readonly LogScan scan;
    readonly FileEnds ends;
    readonly FileTrouble folderTrouble;
    readonly List<FollowedFile> open = [];
    bool scanWanted = true;
    long scannedAt;
    long lookedAt;
    FileNumber? lastLive;
    int linesSinceLook;
    Position? lastRead;

    public LogFollower(
        ILogFiles files, ILineStore lines, LogFileConfiguration configuration, SourceProgress? state, FollowerReport report, TimeProvider time)
    {
        (this.files, this.report, this.time) = (files, report, time);
        var quiet = TimeSpan.FromMilliseconds(configuration.RotationQuietMilliseconds);
        missing = new(files, configuration.Path);
        ledger = new(state ?? SourceProgress.Empty, lines, time) { GapFound = report.GapFound };
        contents = new(configuration.Path, time);
        sightings = new(state ?? SourceProgress.Empty, ledger, contents, open, files.Open, time, quiet);
        forks = new(ledger, sightings);
        unread = new(configuration, ledger, contents, sightings, report);
        finder = new(configuration, ledger, sightings, unread) { SkipsExisting = state is null && configuration.StartAt == StartAt.End };
        var names = new SiblingNames(Path.GetFileName(configuration.Path), configuration.RotatedPattern);
        scan = new(files, configuration, new(contents, ledger, sightings, open, finder, new(ledger, sightings, open, names), forks), time);
        ends = new(ledger, sightings, contents, open, quiet, TimeSpan.FromSeconds(configuration.LateWriterSeconds));
        folderTrouble = new(time);
    }

    public SourceView View => new(
        lastLive is null ? missing.Describe(open) : null, folderTrouble.Message ?? TroubleOfFiles(), unread.Notice, lastRead,
        open.Sum(file => file.Lag) + scan.UnreadBytes);

    public SourceProgress TakeProgress()
    {
        // What was found is shown to follow before it is remembered.
        if (open.Exists(file => file.Known is { IsNew: true }))
        {
            scanWanted = true;
            TryLook(out _);
        }

        SaveAll();
        return ledger.TakeProgress() with { Seen = sightings.ToProgress() };
    }

    public void Begin()
    {
        ledger.Clean();
        if (!TryLook(out _))
        {
            throw new IOException(folderTrouble.Message);
        }
    }

    public bool Watch()
    {
        var changed = open.FindAll(HasChanged);
        return TryLook(out var found) && (found || changed.Count > 0);
    }

    public bool TryRead(out SourceLine line)
    {
        // Also in the midst of work: what rotates away meanwhile is opened before it is deleted.
        if (++linesSinceLook > LinesALook)
        {
            TryLook(out _);
        }

        return TryReadOpen(out line) || (TryLook(out var found) && found && TryReadOpen(out line));
    }

    public void Dispose()
    {
        open.ForEach(file => file.Dispose());
        open.Clear();
    }

    // The oldest first; while it has nothing to give, those after it.
    bool TryReadOpen(out SourceLine line)
    {
        line = default;
        for (var at = 0; at < open.Count; at++)
        {
            var file = open[at];
            if (file.Trouble.MustWait || (file.IsResting && !ends.IsDone(file)))
            {
                continue;
            }

            var wasAtEnd = file.IsAtEnd;
            if (TryReadFrom(file, out line))
            {
                return true;
            }

            if (ends.IsDone(file))
            {
                ends.Close(file);
                open.Remove(file);
                at--;
            }

            // Something older than what comes next may have waited for this one.
            if (file is { IsRetired: true, IsAtEnd: true } && !wasAtEnd)
            {
                scan.OpenMore();
                at = -1;
            }
        }

        return false;
    }

    bool TryReadFrom(FollowedFile file, out SourceLine line)
    {
        line = default;
        try
        {
            if (file.First is null)
            {
                TryIdentify(file);
                return false;
            }

            while (TryReadRaw(file, out var raw))
            {
                file.Trouble.Passed();
                if (!raw.IsBlank)
                {
                    lastRead = new(file.Known!.Id, file.Offset);
                    line = new(raw.Text, new Position(file.Known.Id, raw.Offset), raw.Oversized, raw.Nuls);
                    return true;
                }
            }
        }
        catch (InvalidDataException e)
        {
            file.NoteDamage(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file.Trouble.Met($"{file.Path} cannot be read: {e.Message}");
            report.ReadFailed(file.Trouble.Message!);
        }

        return false;
    }

    bool TryReadRaw(FollowedFile file, out RawLine line)
    {
        var result = file.Read(out line);
        if (result == ReadResult.Line)
        {
            return true;
        }

        scanWanted |= result == ReadResult.Changed;
        return ends.TryFinish(file, result, out line);
    }

    // Finds out which file it is, once it has a line.
    bool TryIdentify(FollowedFile file)
    {
        if (!file.TryIdentify(isWhole: file.IsRetired && file.QuietFor >= ends.Quiet))
        {
            return false;
        }

        file.Begin(finder.Place(file), ledger, forks.Note(file), isRead: false);
        // Whether anything lies before it is asked before anything of it is given out.
        scanWanted = true;
        return true;
    }

    void SaveAll()
    {
        foreach (var file in open)
        {
            file.Save();
            sightings.Note(file);
        }
    }

    // Truncated, and perhaps written again, while nobody reads it.
    bool HasChanged(FollowedFile file)
    {
        try
        {
            if (file.HasOtherContent())
            {
                sightings.Abandon(file);
            }

            return file.First is null && TryIdentify(file);
        }
        catch (IOException)
        {
            // Told when it is read.
            return false;
        }
    }

    string? TroubleOfFiles() => open.Select(file => file.Trouble.Message).OfType<string>().FirstOrDefault() ?? unread.Trouble;

    // Looks at the folder; finds more to read than before, perhaps.
    bool TryLook(out bool found)
    {
        found = false;
        if (folderTrouble.MustWait)
        {
            return false;
        }

        try
        {
            found = Look();
            folderTrouble.Passed();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            folderTrouble.Met(e.Message);
            report.ReadFailed(e.Message);
            return false;
        }
    }

    bool Look()
    {
        linesSinceLook = 0;
        var live = files.Live();
        var justLive = LastLook();
        (lastLive, lookedAt) = (live?.Number, time.GetTimestamp());
        var hasRetired = RetireAllBut(live?.Number);
        var isOpen = live is { } now && open.Exists(file => file.Number == now.Number);
        var isTried = live is { } tried && contents.Of(tried.Number) is { } content && content.Status.HasContentOf(tried)
            && (content.Trouble.Message is not null || content.IsSettled);
        if ((live is null || isOpen || isTried) && !scanWanted && !sightings.IsWaiting && time.GetElapsedTime(scannedAt) < ScanEvery)
        {
            return hasRetired;
        }

        (scanWanted, scannedAt) = (false, time.GetTimestamp());
        SaveAll();
        scan.Run(live, justLive);
        return true;
    }

    JustLive LastLook()
    {
        var had = open.Find(file => lastLive is { } number ? file.Number == number : !file.IsRetired);
        return new(had?.Known, lastLive is null, time.GetElapsedTime(lookedAt));
    }

    // A file deleted under its writer may still grow, until there is a new one in its place.
    bool RetireAllBut(FileNumber? live)
    {
        List<FollowedFile> retired = live is null ? [] : open.FindAll(file => !file.IsRetired && file.Number != live);
        retired.ForEach(file => file.Retire());
        return retired.Count > 0;
    }
}
