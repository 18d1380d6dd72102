namespace ClusterTrail.Agent.Sources;

/// <summary>Whether anything lies between a file that was found and the one before it.</summary>
/// <remarks>
/// Guarantees: what cannot be shown to follow on the youngest known file is reported as a gap of unknown size, once.
/// Rotation removes the oldest file first: as long as the file before is there, all after it are. When it is gone, times must show it.
/// lumberjack renames a file in order to write the first event of the next one, so that this event is no younger than the name.
/// </remarks>
sealed class Continuity(FileLedger ledger, Sightings sightings, IReadOnlyList<FollowedFile> open, SiblingNames names)
{
    const int LeastSteps = 3;

    // A file that lasts so many times longer than the time between two looks is followed by another such.
    const int LongLife = 10;

    // Longer than a pipeline pauses between two looks, but for trouble.
    static readonly TimeSpan JustNow = TimeSpan.FromSeconds(2);

    // A name has milliseconds; an event's time is taken before it is written.
    static readonly TimeSpan NameTolerance = TimeSpan.FromMilliseconds(5);
    static readonly TimeSpan LeastJump = TimeSpan.FromMicroseconds(500);
    static readonly TimeSpan OutOfOrder = TimeSpan.FromMilliseconds(100);

    // The API server writes events in batches, at least every 30 s; and an event may wait a little for the disk.
    static readonly TimeSpan BatchLateness = TimeSpan.FromSeconds(35);

    // A file that was removed by hand shows as about the time it lasted.
    static readonly TimeSpan LeastJumpOfNeighbours = TimeSpan.FromSeconds(5);

    /// <summary>Looks at what was found since the last time.</summary>
    /// <param name="justLive">The file that had the live name at a look a moment ago: nothing can have come between unseen.</param>
    public void Check(IReadOnlyList<Content> contents, Presence presence, JustLive justLive)
    {
        var all = InOrder(contents);
        // What stands behind a file of which it is not known yet which one it is, is looked at when it is.
        var ordered = all.TakeWhile(file => file is not null).OfType<LedgerFile>().Distinct().ToList();
        var before = ledger.Newest is { } id ? ledger.Of(id) : null;
        foreach (var file in ordered.Skip(before is null ? 0 : ordered.IndexOf(before) + 1).Where(file => file.IsNew))
        {
            if (before is not null && !Follows(before, file, ordered, presence, justLive))
            {
                ReportUnseen(before, file);
            }

            before = file;
            ledger.Newest = file.Id;
        }

        ordered.ForEach(file => file.IsNew = false);
    }

    // Open files that lost their names first: they are older than all that have one.
    List<LedgerFile?> InOrder(IReadOnlyList<Content> contents)
    {
        var numbers = contents.Select(content => content.Number).ToHashSet();
        var nameless = open.Where(file => !numbers.Contains(file.Number)).ToList();
        var held = open.Except(nameless).ToDictionary(file => file.Number);
        var named = new List<LedgerFile?>();
        foreach (var content in contents)
        {
            if (!content.IsStep)
            {
                continue;
            }

            var count = named.Count;
            if (held.TryGetValue(content.Number, out var reader))
            {
                Add(named, reader);
            }
            else if (content.File is { } known
                && (content.Format is null || content.State == ContentState.Known || nameless.RemoveAll(file => file.Known == known) > 0))
            {
                // Also what is read from a file that lost its name, and lies there compressed.
                named.Add(known);
            }
            else if (content.State == ContentState.Wanted)
            {
                named.Add(null);
            }

            if (named.Count > count && named[^1] is { } step)
            {
                step.Name = content.PlainName;
                step.Modified = content.Format is null ? content.Status.Modified : step.Modified;
            }
        }

        var all = new List<LedgerFile?>();
        nameless.ForEach(file => Add(all, file));
        return [.. all.Except(named.Where(file => file is not null)), .. named];
    }

    // A file that is known as far as it goes is a copy, and no step of the log.
    static void Add(List<LedgerFile?> files, FollowedFile file)
    {
        if (file.IsDecided || (!file.IsAtEnd && file.Length > 0))
        {
            files.Add(file.IsDecided ? file.Known : null);
        }
    }

    FollowedFile? HolderOf(LedgerFile known) => open.FirstOrDefault(file => file.IsDecided && file.Known == known);

    bool Follows(LedgerFile before, LedgerFile found, List<LedgerFile> ordered, Presence presence, JustLive justLive)
    {
        // Of what was open before it was known which file it is, what counts is when it appeared.
        justLive = HolderOf(found) is { } reader ? reader.Before ?? JustLive.Unknown : justLive;
        var isWatched = justLive.File == before && justLive.Ago <= JustNow;
        if (presence.Named.Contains(before.Id))
        {
            return isWatched || !Jumps(before, found, ordered);
        }

        var holder = HolderOf(before);
        if (holder is null && sightings.WillDeclareLost(before))
        {
            // It becomes a gap, up to where the next one begins.
            return true;
        }

        // Deleted under its writer, and a new one made, which is still the live file: seen as it happened.
        return (isWatched && justLive.WasMissing && HolderOf(found) is { IsRetired: false }) || IsShown(before, holder, found, justLive);
    }

    bool IsShown(LedgerFile before, FollowedFile? holder, LedgerFile found, JustLive justLive)
    {
        var last = holder?.LastEvent() ?? before.LastEvent;
        if (RotatedAt(before) is { } rotated && (last ?? before.FirstEvent) <= rotated + NameTolerance)
        {
            return found.FirstEvent <= rotated + NameTolerance;
        }

        // Its last event, and at once the next one's first; or it was the live file so shortly ago that no other can have come and gone.
        // What was written into the one before much later came from a writer that kept it, and shows nothing.
        return (found.FirstEvent - last <= LeastJump && last - found.FirstEvent <= OutOfOrder)
            || (justLive.File == before && Lasted(before, last) / LongLife >= justLive.Ago);
    }

    // A file between the two that was removed by hand shows by the times, if the log is one whose names say when the next file began.
    bool Jumps(LedgerFile before, LedgerFile found, List<LedgerFile> ordered) =>
        RotatedAt(before) is { } rotated
        && found.FirstEvent - rotated > Longer(LeastJumpOfNeighbours, Lasted(before, rotated) / 2)
        && IsLumberjack(ordered, found);

    // It renames a file only to write the first event of the next: so did all others that are there, and they are some.
    bool IsLumberjack(List<LedgerFile> ordered, LedgerFile but)
    {
        if (ordered.Exists(file => file.Name is not null && RotatedAt(file) is null))
        {
            return false;
        }

        var steps = ordered.Zip(ordered.Skip(1))
            .Where(step => step.Second != but && RotatedAt(step.First) is not null && step.Second.FirstEvent is not null)
            .Select(step => step.Second.FirstEvent!.Value - RotatedAt(step.First)!.Value)
            .ToList();
        return steps.Count >= LeastSteps && steps.TrueForAll(late => late <= NameTolerance && late >= -BatchLateness);
    }

    DateTimeOffset? RotatedAt(LedgerFile file) => file.Name is { } name ? names.Parse(name)?.RotatedAt : null;

    static TimeSpan Lasted(LedgerFile file, DateTimeOffset? end) => end - file.FirstEvent ?? TimeSpan.Zero;

    static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    void ReportUnseen(LedgerFile before, LedgerFile found)
    {
        var last = HolderOf(before)?.LastEvent() ?? before.LastEvent;
        ledger.AddGap(before.Id, HolderOf(before)?.Length ?? before.Offset, null, "Unseen",
            $"Nothing shows that {Describe(found.Name, found.FirstEvent, "first")} follows {Describe(before.Name, last, "last")}: "
            + "files that the agent never saw were rotated away or removed between them.");
    }

    static string Describe(string? name, DateTimeOffset? at, string which) =>
        $"{name ?? "the live file"}{(at is { } time ? $" ({which} event at {time:O})" : "")}";
}
