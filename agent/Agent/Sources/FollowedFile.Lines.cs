namespace ClusterTrail.Agent.Sources;

/// <summary>Its lines, as far as they are new.</summary>
sealed partial class FollowedFile
{
    public ReadResult Read(out RawLine line)
    {
        line = default;
        activity.NoteNoEnd();
        if (damage.Remains(DamagePause))
        {
            return ReadResult.Waiting;
        }

        if (hasTornEnd && file.Length > ReadOffset)
        {
            // A copy that went on after all: what follows is compared with what is known from the first line on.
            return ReadResult.Changed;
        }

        reader ??= new(file, start!.Offset, maxLineBytes, seed);
        for (long left = BytesATurn; left > 0;)
        {
            if (reader.TryTake(out line))
            {
                left -= line.Length;
                if (IsNew(line))
                {
                    return ReadResult.Line;
                }

                continue;
            }

            var read = reader.Fill();
            if (HasChangedOrUnfill(read))
            {
                return ReadResult.Changed;
            }

            if (read == 0)
            {
                activity.NoteEnd();
                return ReadResult.End;
            }

            left -= read;
            activity.NoteGrowth();
        }

        line = default;
        return ReadResult.Busy;
    }

    /// <summary>What stands after the last newline, as a line; false when it is known already.</summary>
    public bool TryReadTail(out RawLine line)
    {
        var wasKnown = !walk!.IsAtEnd;
        line = reader!.TakeTail();
        var isNew = IsNew(line);
        hasTornEnd = wasKnown && isNew;
        return isNew;
    }

    bool IsNew(in RawLine line)
    {
        if (!TakeOrRewind(line))
        {
            return false;
        }

        if (walk!.Known.FirstEvent is null && line.Offset <= LineReader.HistoryBytes)
        {
            walk.Known.FirstEvent = EventTimes.Last(line.Text);
        }

        return true;
    }

    // When what is known cannot be read now, the line is read again.
    bool TakeOrRewind(in RawLine line)
    {
        try
        {
            return walk!.Take(line);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reader!.Dispose();
            (reader, start) = (null, start! with { Offset = line.Offset, Crc = null });
            activity.NoteNoEnd();
            throw;
        }
    }

    // Also when nobody can say, for a bad block: then it is read again.
    bool HasChangedOrUnfill(int read)
    {
        var isSame = false;
        try
        {
            isSame = !HasChanged(read);
            return !isSame;
        }
        finally
        {
            if (!isSame)
            {
                reader!.Unfill(read);
            }
        }
    }
}
