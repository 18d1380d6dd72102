using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>Whether anything lies between a file that was found and the one before it.</summary>
/// <remarks>
/// Guarantees: what cannot be shown to follow on the youngest known file is told as a gap of unknown size, once.
/// Rotation removes the oldest file first: as long as the file before is there, all after it are. When it is gone, times must show it.
/// lumberjack renames a file in order to write the first event of the next one, so that this event is no younger than the name.
/// </remarks>
sealed class Continuity(FileLedger ledger, FileOwners owners, SiblingNames names)
{
    // A name has milliseconds; an event's time is taken before it is written.
    static readonly TimeSpan NameTolerance = TimeSpan.FromMilliseconds(5);
    static readonly TimeSpan LeastJump = TimeSpan.FromMilliseconds(1);

    // Somebody may have rotated by hand, and written later; a file that was removed by hand shows as about the time it lasted.
    static readonly TimeSpan LeastJumpOfNeighbours = TimeSpan.FromSeconds(5);

    /// <summary>Looks at what was found since the last time.</summary>
    /// <param name="justLive">The file that had the live name at a look a moment ago: nothing can have come between unseen.</param>
    public void Check(IReadOnlyList<Content> contents, IReadOnlyList<FollowedFile> open, Presence presence, JustLive? justLive)
    {
        var ordered = InOrder(contents, open);
        var newest = ledger.Newest is { } id ? ledger.Of(id) : null;
        var at = newest is null ? -1 : ordered.IndexOf(newest);
        var before = newest;
        foreach (var file in ordered.Skip(at + 1))
        {
            if (file.IsNew && before is not null && before != file && !Follows(before, file, presence, justLive))
            {
                Tell(before, file);
            }

            if (file.IsNew)
            {
                before = file;
                ledger.Newest = file.Id;
            }
        }

        ordered.ForEach(file => file.IsNew = false);
    }

    // Open files that lost their names first: they are older than all that have one.
    static List<LedgerFile> InOrder(IReadOnlyList<Content> contents, IReadOnlyList<FollowedFile> open)
    {
        var named = new List<LedgerFile>();
        foreach (var content in contents)
        {
            var held = open.FirstOrDefault(file => file.Number == content.Number);
            var known = held is not null ? held.Known : content.Files is [{ } only] ? only : null;
            if (known is null || known.IsUnreadable)
            {
                continue;
            }

            known.Name = content.PlainName;
            known.Modified = content.Format is null ? content.Status.Modified : known.Modified;
            named.Add(known);
        }

        return [.. open.Select(file => file.Known).OfType<LedgerFile>().Except(named), .. named.Distinct()];
    }

    bool Follows(LedgerFile before, LedgerFile found, Presence presence, JustLive? justLive)
    {
        var isNamed = presence.Named.Contains(before.Id);
        if (isNamed)
        {
            return before == justLive?.File || !Jumps(before, found);
        }

        // Deleted under its writer, and a new one made: seen as it happened.
        if (justLive is { WasMissing: true } && justLive.File == before)
        {
            return true;
        }

        var holder = owners.HolderOf(before);
        if (holder is null && !before.IsFinished)
        {
            // It will be told as vanished, up to where the next one begins.
            return true;
        }

        if (found.FirstEvent is not { } first)
        {
            return false;
        }

        var last = holder?.LastEvent() ?? before.LastEvent;
        if (RotatedAt(before) is { } rotated && (last ?? before.FirstEvent) <= rotated + NameTolerance)
        {
            return first <= rotated + NameTolerance;
        }

        return last is not null && first - last <= Longer(LeastJump, Lasted(before, last) / 10);
    }

    bool Jumps(LedgerFile before, LedgerFile found)
    {
        var last = owners.HolderOf(before)?.LastEvent() ?? before.LastEvent;
        var from = RotatedAt(before) ?? (IsHole(before, found) ? last : null);
        return from is not null
            && (last ?? before.FirstEvent) <= from + NameTolerance
            && found.FirstEvent - from > Longer(LeastJumpOfNeighbours, Lasted(before, from) / 2);
    }

    // audit.log.3, and next the live file or audit.log.1.
    bool IsHole(LedgerFile before, LedgerFile found) =>
        Number(before) is { } older && (found.Name is null ? 0 : Number(found)) is { } younger && older - younger > 1;

    long? Number(LedgerFile file) => file.Name is { } name ? names.Parse(name)?.Number : null;

    DateTimeOffset? RotatedAt(LedgerFile file) => file.Name is { } name ? names.Parse(name)?.RotatedAt : null;

    static TimeSpan Lasted(LedgerFile file, DateTimeOffset? end) => end - file.FirstEvent ?? TimeSpan.Zero;

    static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    void Tell(LedgerFile before, LedgerFile found)
    {
        var last = owners.HolderOf(before)?.LastEvent() ?? before.LastEvent;
        ledger.AddGap(before.Id, owners.HolderOf(before)?.Length ?? before.Offset, null, "Unseen",
            $"Nothing shows that {Describe(found.Name, found.FirstEvent, "first")} follows {Describe(before.Name, last, "last")}: "
            + "files that the agent never saw were rotated away or removed between them.");
    }

    static string Describe(string? name, DateTimeOffset? at, string which) =>
        $"{name ?? "the live file"}{(at is { } time ? $" ({which} event at {time:O})" : "")}";
}
