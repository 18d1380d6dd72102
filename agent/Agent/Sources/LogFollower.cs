using ClusterTrail.Contract;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>Follows a log through rotation, truncation, deletion, compression and power cuts.</summary>
/// <remarks>
/// Guarantees: every line of a file that still exists is given out, once; what went away unread is reported as a gap, as soon as there is a
/// live file, and so is what nobody saw but must have been there. At a path without a log nothing is lost, and nothing forgotten.
/// Assumptions: who writes into a file that lost its name does so before it was quiet for <c>lateWriterSeconds</c>.
/// Caveats: at most <see cref="LogScan.MaxOpen"/> files with something to read are held open, and <see cref="FileEnds.MaxResting"/> that
/// were read, so that deleted logs do not fill the disk for long.
/// </remarks>
sealed class LogFollower : ISource
{
    const int LinesALook = 1000;

    readonly MissingLog missing;
    readonly FollowerReport report;
    readonly FileLedger ledger;
    readonly Sightings sightings;
    readonly Forks forks;
    readonly UnreadFiles unread;
    readonly ContentFinder finder;
    readonly LogScan scan;
    readonly FileEnds ends;
    readonly FolderWatch folder;
    readonly List<FollowedFile> open = [];
    int linesSinceLook;
    Position? lastRead;

    public LogFollower(
        ILogFiles files, ILineStore lines, LogFileConfiguration configuration, SourceProgress? state, FollowerReport report,
        TimeProvider time)
    {
        this.report = report;
        var quiet = TimeSpan.FromMilliseconds(configuration.RotationQuietMilliseconds);
        missing = new(files, configuration.Path);
        ledger = new(state ?? SourceProgress.Empty, lines, time) { GapFound = report.GapFound };
        var contents = new Contents(configuration.Path, time);
        sightings = new(state ?? SourceProgress.Empty, ledger, contents, open, new(ledger, contents, open, files.Open), time, quiet);
        forks = new(ledger, sightings);
        unread = new(configuration, ledger, contents, sightings, report);
        finder = new(configuration, ledger, sightings, unread) { SkipsExisting = state is null && configuration.StartAt == StartAt.End };
        var names = new SiblingNames(Path.GetFileName(configuration.Path), configuration.RotatedPattern);
        scan = new(files, configuration, new(contents, ledger, sightings, open, finder, new(ledger, sightings, open, names), forks), time);
        ends = new(ledger, sightings, contents, open, quiet, TimeSpan.FromSeconds(configuration.LateWriterSeconds));
        folder = new(files, scan, contents, sightings, open, report, time);
    }

    public SourceView View => new(
        folder.HasLive ? null : missing.Describe(open), folder.Trouble ?? TroubleOfFiles(), unread.Notice, lastRead,
        open.Sum(file => file.Lag) + scan.UnreadBytes);

    public SourceProgress TakeProgress()
    {
        // What was found is shown to follow before it is remembered.
        if (open.Exists(file => file.Known is { IsNew: true }))
        {
            folder.WantScan();
            TryLook(out _);
        }

        folder.SaveAll();
        return ledger.TakeProgress() with { Seen = sightings.ToProgress() };
    }

    public void Begin()
    {
        ledger.Clean();
        if (!TryLook(out _))
        {
            throw new IOException(folder.Trouble);
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

        if (result == ReadResult.Changed)
        {
            folder.WantScan();
        }

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
        folder.WantScan();
        return true;
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
            // Reported when it is read.
            return false;
        }
    }

    string? TroubleOfFiles() => open.Select(file => file.Trouble.Message).OfType<string>().FirstOrDefault() ?? unread.Trouble;

    // Finds more to read than before, perhaps.
    bool TryLook(out bool found)
    {
        linesSinceLook = 0;
        return folder.TryLook(out found);
    }
}
