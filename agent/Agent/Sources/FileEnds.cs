namespace ClusterTrail.Agent.Sources;

/// <summary>What happens at the end of a file: its last line, whether it is through, and when it is closed.</summary>
sealed class FileEnds(FileLedger ledger, FileOwners owners, Contents contents, TimeSpan quiet, TimeSpan lateWriters)
{
    /// <summary>How long a rotated file is quiet before its unended last line is taken as it is.</summary>
    public TimeSpan Quiet => quiet;

    /// <summary>Notes what reading came to; true when there was a last line without an end.</summary>
    public bool TryFinish(FollowedFile file, ReadResult result, out RawLine line)
    {
        line = default;
        if (result == ReadResult.Changed)
        {
            // What was in the file may live on in a copy: not finished, and a gap if there is none.
            owners.Abandon(file);
            file.StartOver();
            return false;
        }

        if (result != ReadResult.End || !file.IsRetired)
        {
            return false;
        }

        if (file.HasTail)
        {
            return file.QuietFor >= quiet && file.TryReadTail(owners, out line);
        }

        file.Save();
        if (file.Known is { } read)
        {
            read.IsFinished |= read.Offset >= read.Length;
        }
        else if (file.Comparison is { HasEvents: true } comparison)
        {
            // It ends in the midst of what is known.
            comparison.Candidates.ToList().ForEach(known => owners.NoteCut(known, file));
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

        if (file.IsDamaged)
        {
            return file.QuietFor >= quiet;
        }

        if (file.First is null)
        {
            return file.QuietFor >= lateWriters;
        }

        return file is { IsAtEnd: true, HasTail: false } && (file.QuietFor >= (file.IsCompressed ? quiet : lateWriters) || owners.AreTooMany(file));
    }

    public void Close(FollowedFile file)
    {
        file.Save();
        if (!file.IsReleased)
        {
            CloseForGood(file);
            owners.Decided(file);
        }

        file.Dispose();
    }

    void CloseForGood(FollowedFile file)
    {
        var known = file.Known ?? (file.Comparison is { AnyGoesOn: false } comparison ? comparison.Parent : null);
        if (file.IsDamaged)
        {
            if (known is not null)
            {
                ledger.AddGap(known.Id, known.Offset, null, "Damaged", $"{file.Path} is damaged: {file.Damage}");
            }
        }
        else if (file.Known is not null && known!.Length > known.Offset)
        {
            ledger.AddGap(known.Id, known.Offset, known.Length - known.Offset, "Vanished", $"{file.Path} was longer before.");
        }

        if (file.Known is not null)
        {
            (known!.Length, known.IsFinished) = (known.Offset, true);
        }

        if ((file.IsDamaged || file.Known is null) && contents.Of(file.Number) is { } content)
        {
            // A copy of what is known, or of a part of it; or as much of it as can be read.
            (content.State, content.IsUndecided) = (ContentState.Known, false);
        }
    }
}
