using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Sources;

/// <summary>Looks at the folder of a log: finds what is to be read, and what has become of what was there.</summary>
/// <remarks>
/// Each file is opened, identified and judged for itself: what cannot be read keeps no other from being read. A scan reads nothing of a
/// content that has not changed.
/// </remarks>
sealed class LogScan(ILogFiles files, LogFileConfiguration configuration, ScanParts parts, TimeProvider time)
{
    /// <summary>How many files with something to read are held open at most, beside the live one.</summary>
    public const int MaxOpen = 8;

    const int MaxHeldAtStart = 16;
    const int Rounds = 3;

    readonly Contents contents = parts.Contents;
    readonly FileLedger ledger = parts.Ledger;
    readonly List<FollowedFile> open = parts.Open;
    bool again;
    JustLive? before;

    /// <summary>How many bytes wait in files that are not open.</summary>
    public long UnreadBytes { get; private set; }

    /// <summary>Looks at all files; opens what is to be read and for which there is room.</summary>
    /// <param name="justLive">The file that had the live name at a look a moment ago.</param>
    /// <exception cref="IOException">The folder cannot be listed.</exception>
    public void Run(FileStatus? live, JustLive justLive)
    {
        before = justLive;
        for (var round = 0; round < Rounds && (round == 0 || again); round++)
        {
            contents.Update(files.List(), live);
            // A rotation, or a stop of the process with many, between the two: the log would seem to be where it was.
            var now = files.Live();
            again = now?.Number != live?.Number;
            ConsiderAll();
            live = again ? files.Live() : live;
        }

        before = null;
        parts.Finder.SkipsExisting = false;
        Conclude(live is not null, justLive);
    }

    /// <summary>Opens more of what the last look found, when files were read to their end.</summary>
    public void OpenMore()
    {
        if (contents.All.Any(content => content.State == ContentState.Wanted) && HasRoom)
        {
            ConsiderAll();
        }
    }

    bool HasRoom => open.Count(file => file is { IsRetired: true, IsAtEnd: false } && file.Trouble.Message is null) < MaxOpen;

    void ConsiderAll()
    {
        foreach (var content in contents.All)
        {
            Consider(content);
        }

        UnreadBytes = contents.All.Where(content => content.State == ContentState.Wanted || content.Trouble.Message is not null)
            .Sum(content => Math.Max(0, content.Status.Size - (content.File?.Offset ?? 0)));
        // Who has its name no more is older than who has it; the others stand in the order of their names.
        var order = contents.All.Select((content, at) => (content.Number, at)).ToDictionary();
        var byAge = open.OrderBy(file => file.IsRetired ? order.GetValueOrDefault(file.Number, -1) : int.MaxValue).ToList();
        open.Clear();
        open.AddRange(byAge);
    }

    void Consider(Content content)
    {
        if (open.Exists(file => file.Number == content.Number))
        {
            content.State = ContentState.Open;
            return;
        }

        if (content.IsSettled || content.Trouble.MustWait || (content is { State: ContentState.Wanted, IsLive: false } && !HasRoom))
        {
            return;
        }

        ILogFile? file = null;
        var isKept = false;
        try
        {
            parts.Finder.CheckKind(content);
            file = content.IsSettled ? null : files.Open(content.Path);
            if (content.IsSettled)
            {
                return;
            }

            if (file is null || file.Number != content.Number)
            {
                // Renamed between the listing and now.
                (again, content.State) = (true, ContentState.Unknown);
                return;
            }

            isKept = TryOpen(content, file);
            content.Trouble.Passed();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            parts.Finder.NoteTrouble(content, e.Message);
        }
        catch (InvalidDataException)
        {
            parts.Finder.NoteDamage(content);
        }
        finally
        {
            if (!isKept)
            {
                file?.Dispose();
            }
        }
    }

    bool TryOpen(Content content, ILogFile file)
    {
        if (parts.Finder.Identify(content, file) is not { } text)
        {
            // It may be empty yet; it is followed by its descriptor from now on.
            return content is { IsSettled: false, First: null } && (content.IsLive || (parts.Finder.MayGrow(content) && IsYoung(content)))
                && Follow(content, file, null);
        }

        if (parts.Finder.Place(content, file, text) is not { } start)
        {
            return false;
        }

        if (content.IsSettled && !IsYoung(content))
        {
            return false;
        }

        if (!content.IsLive && !HasRoom)
        {
            content.State = content.IsSettled ? content.State : ContentState.Wanted;
            return false;
        }

        return Follow(content, text, start);
    }

    // Of what was read before a start, so many are held open for late writers: the youngest.
    bool IsYoung(Content content) => contents.All.TakeLast(MaxHeldAtStart).Contains(content);

    bool Follow(Content content, ILogFile file, Start? start)
    {
        var followed = new FollowedFile(file, content.Path, content.IsLive, content.Format is not null, configuration.MaxEventBytes, time)
        {
            First = content.First,
            Before = before,
            Seen = content.Seen,
            IsStep = content.IsStep,
        };
        if (start is not null)
        {
            followed.Begin(start, ledger, parts.Forks.Note(followed), isRead: content.IsSettled);
        }

        open.Add(followed);
        (content.State, content.Seen) = (ContentState.Open, null);
        return true;
    }

    void Conclude(bool hasLive, JustLive justLive)
    {
        var presence = Presence.Of(contents.All, open);
        parts.Sightings.Match();
        if (!again)
        {
            parts.Continuity.Check(contents.All, presence, justLive);
        }

        if (!hasLive)
        {
            // The folder's volume may be away: nothing is declared lost, nor forgotten.
            parts.Sightings.StopWaiting();
        }
        else
        {
            if (!again)
            {
                parts.Sightings.DeclareLost();
            }

            var expected = parts.Sightings.Expected();
            ledger.Compact(file => presence.Roots.Contains(file.Root) || expected.Contains(file.Id));
        }

        CloseLost(presence);
    }

    // What cannot be read and has no name any more will never be read.
    void CloseLost(Presence presence)
    {
        var lost = open.FindAll(file => file is { IsRetired: true, Trouble.Message: not null } && !presence.Numbers.Contains(file.Number));
        foreach (var file in lost)
        {
            file.Save();
            file.Dispose();
            open.Remove(file);
        }
    }
}
