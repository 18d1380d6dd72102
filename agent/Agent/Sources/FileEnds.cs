using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>What happens at the end of a file: its last line, whether it is through, and when it is closed.</summary>
sealed class FileEnds(
    FileLedger ledger, Sightings sightings, Contents contents, IReadOnlyList<FollowedFile> open, TimeSpan quiet, TimeSpan lateWriters)
{
    /// <summary>How many files that were read to their end are held open for late writers.</summary>
    public const int MaxResting = 64;

    /// <summary>How long a rotated file is quiet before its unended last line is taken as it is.</summary>
    public TimeSpan Quiet => quiet;

    /// <summary>Notes what reading came to; true when there was a last line without an end.</summary>
    public bool TryFinish(FollowedFile file, ReadResult result, out RawLine line)
    {
        line = default;
        if (result == ReadResult.Changed)
        {
            sightings.Abandon(file);
            return false;
        }

        if (result != ReadResult.End || !file.IsRetired)
        {
            return false;
        }

        if (file.HasTail)
        {
            // One that ends in the midst of what is known may be a copy in the making, whose writer pauses within a line.
            return file.QuietFor >= (file.IsAtNew || quiet > lateWriters ? quiet : lateWriters) && file.TryReadTail(out line);
        }

        file.Save();
        sightings.Note(file);
        if (file is { IsAtNew: false, SharesEvents: true })
        {
            // It ends in the midst of what is known.
            sightings.NoteCut(file.Known!, file.Number);
        }

        return false;
    }

    /// <summary>Whether a file is to be closed: it was read, has no name any more, and nobody writes into it.</summary>
    public bool IsDone(FollowedFile file)
    {
        if (!file.IsRetired)
        {
            return false;
        }

        if (file.Damage is not null)
        {
            return file.QuietFor >= quiet;
        }

        if (file.First is null)
        {
            return file.QuietFor >= lateWriters;
        }

        return file is { IsAtEnd: true, HasTail: false }
            && (file.QuietFor >= (file.IsCompressed ? quiet : lateWriters) || AreTooMany(file));
    }

    public void Close(FollowedFile file)
    {
        file.Save();
        if (file is { Damage: not null, Known: { } known })
        {
            if (!HasPlain(file))
            {
                ledger.AddGap(known.Id, file.Offset, null, "Damaged", $"{file.Path} is damaged: {file.Damage}");
            }

            sightings.Forget(file);
        }

        if (contents.Of(file.Number) is { } content)
        {
            // As much was read of it as can be, unless it has changed since.
            var isRead = file.Seen is null && (file.IsCompressed || content.Status.Size == file.Length);
            (content.State, content.Seen) = (isRead ? ContentState.Known : ContentState.Unknown, file.Seen);
            content.File = file is { IsAtNew: true } ? file.Known : null;
        }

        file.Dispose();
    }

    // A compression that was interrupted lies beside the file that it was made of, and that one is read.
    bool HasPlain(FollowedFile file) => contents.Of(file.Number)?.PlainName is { } name && contents.All.Any(other =>
        other.Name?.Name == name && other.Number != file.Number && other.Status.Size >= file.Offset && RootOf(other) == file.First?.Root);

    FileId? RootOf(Content content) => (open.FirstOrDefault(file => file.Number == content.Number)?.First ?? content.First)?.Root;

    bool AreTooMany(FollowedFile file) =>
        open.Count(other => other is { IsRetired: true, IsAtEnd: true }) > MaxResting
        && open.First(other => other is { IsRetired: true, IsAtEnd: true }) == file;
}
