using ClusterTrail.Contract;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>Finds the files of a log that are to be read: the live one and its siblings, each once.</summary>
sealed class LogScan(ILogFiles files, LogFileConfiguration configuration, FileLedger ledger, bool skipsExisting, TimeProvider time)
{
    /// <summary>How many files are held open at most.</summary>
    public const int MaxOpen = 8;

    readonly TimeSpan quiet = TimeSpan.FromMilliseconds(configuration.RotationQuietMilliseconds);
    readonly HashSet<string> readGzips = [];
    readonly Dictionary<string, (long Length, long Since)> unended = [];
    bool skipsExisting = skipsExisting;
    Exception? unreadable;

    /// <summary>Opens what is to be read and is not open yet, and tells the ledger what is there.</summary>
    /// <param name="hasLive">Whether there is a live file: only then is a file that is missing a gap.</param>
    /// <exception cref="IOException">A file cannot be read; all others were looked at.</exception>
    public void Run(List<FollowedFile> open, bool hasLive)
    {
        // A file held open is there, whatever became of its name.
        HashSet<FileId> present = [.. open.Select(file => file.First?.Id).OfType<FileId>()];
        unreadable = null;
        IReadOnlyList<string> names;
        do
        {
            // The live file first: a copy of it is not a second log. Again when something was renamed meanwhile.
            names = files.ListRotated();
            TryConsider(files.OpenLive, "", isLive: true, present, open);
            foreach (var name in names.TakeWhile(_ => open.Count < MaxOpen))
            {
                TryConsider(() => files.OpenRotated(name), name, isLive: false, present, open);
            }
        }
        while (open.Count < MaxOpen && !names.SequenceEqual(files.ListRotated()));

        skipsExisting = false;
        if (!hasLive)
        {
            ledger.StopWaiting();
        }
        else if (open.Count < MaxOpen && unreadable is null)
        {
            ledger.Compare(present);
        }

        Order(open);
        Forget(names);
        if (unreadable is not null)
        {
            throw new IOException(unreadable.Message, unreadable);
        }
    }

    // Who has its name no more is older than who has it.
    static void Order(List<FollowedFile> open)
    {
        var byAge = open.OrderBy(file => file.IsRetired ? 0 : 1).ToList();
        open.Clear();
        open.AddRange(byAge);
    }

    void Forget(IReadOnlyList<string> names)
    {
        readGzips.IntersectWith(names);
        foreach (var gone in unended.Keys.Except(names).ToList())
        {
            unended.Remove(gone);
        }
    }

    // One file that cannot be read keeps no other from being read; it is told when all were looked at.
    void TryConsider(Func<ILogFile?> openFile, string name, bool isLive, HashSet<FileId> present, List<FollowedFile> open)
    {
        ILogFile? file = null;
        try
        {
            file = openFile();
            Consider(file, name, isLive, present, open);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            unreadable = e;
        }
    }

    void Consider(ILogFile? file, string name, bool isLive, HashSet<FileId> present, List<FollowedFile> open)
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
