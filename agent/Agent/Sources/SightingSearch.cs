namespace ClusterTrail.Agent.Sources;

/// <summary>Looks for what was seen of a file that went away: in what was read, in open files, and in what lies in the folder.</summary>
sealed class SightingSearch(FileLedger ledger, Contents contents, IReadOnlyList<FollowedFile> open, Func<string, ILogFile?> openFile)
{
    /// <summary>Whether all that was seen of it was read, or will be.</summary>
    public bool IsFound(Sighting seen) => IsArchived(seen) || IsThere(seen);

    /// <summary>Whether what it has become cannot be said yet.</summary>
    /// <remarks>It was cut, perhaps, and how much of it is left is found out when it is read; or it cannot be read now.</remarks>
    public bool IsUndecided(Sighting seen) =>
        open.Any(file => seen.IsOf(file.Number) && (file.Trouble.Message is not null || (!file.IsDecided && file.First?.Root == seen.Root)))
        || contents.All.Any(content => seen.IsOf(content.Number)
            && (content.Trouble.Message is not null || content is { State: ContentState.Wanted, File: null }));

    // Whoever read it to where it ended, be it another file, has read all that was seen of this one.
    bool IsArchived(Sighting seen) => seen is { IsLive: false, Tail: not null } && seen.Size > seen.Offset
        && ledger.Of(seen.File) is { } known && known.Offset == seen.Size && known.Proof == seen.Tail;

    // A copy that somebody made of the live file may be older than what was written last: only what rotation makes has it all.
    bool IsThere(Sighting seen) =>
        contents.All.Any(content => content.State is ContentState.Known or ContentState.Wanted
            && (content.IsStep || !seen.IsLive) && IsIn(seen, content))
        || open.Any(file => (file.IsStep || !seen.IsLive)
            && (file.IsCompressed && contents.Of(file.Number) is { } content ? IsIn(seen, content) : IsIn(seen, file)));

    static bool IsIn(Sighting seen, FollowedFile file)
    {
        try
        {
            return !seen.IsBlind && (seen.Root is null || file.First?.Root == seen.Root) && !file.HasOtherContent() && seen.IsIn(file.Text);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>Whether a file no longer has what was seen of it; false when nobody can say now.</summary>
    public static bool Lacks(FollowedFile file, Sighting seen)
    {
        try
        {
            return !file.IsCompressed && !seen.IsIn(file.Text);
        }
        catch (IOException)
        {
            return false;
        }
    }

    // What was not in a content is not in it until it changes.
    bool IsIn(Sighting seen, Content content)
    {
        if (seen.IsBlind
            && (seen.MayBe(content) || content.Format is null || content.Name is not { Number: null } || content.PlainName != seen.Name))
        {
            return seen.MayBe(content);
        }

        if ((seen.Root is { } root && content.First?.Root != root) || content.Lacks.Contains(seen))
        {
            return false;
        }

        try
        {
            using var file = openFile(content.Path);
            if (file is null || file.Number != content.Number)
            {
                return false;
            }

            using var text = content.Format?.Open(file);
            var isIn = seen.IsBlind ? !(GzipTrailer.Read(file)?.Length < seen.Size) : seen.IsIn(text ?? file);
            return isIn || !content.Lacks.Add(seen);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // It cannot be read now, and is looked at again.
            return false;
        }
    }
}
