namespace ClusterTrail.Agent.Sources;

/// <summary>Whether an open file still grows: whether it has its name, was read to its end, and how long ago something came.</summary>
sealed class FileActivity(bool isRetired, TimeProvider time)
{
    static readonly TimeSpan RestingLook = TimeSpan.FromSeconds(1);

    long grownAt = time.GetTimestamp();
    long endedAt;

    /// <summary>Whether it has its name no more, and so should not grow.</summary>
    public bool IsRetired { get; private set; } = isRetired;

    /// <summary>Whether the last read came to its end.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Whether it was read to its end a moment ago and hardly grows: so many may be held open that none is looked at all the
    /// time.</summary>
    public bool IsResting => IsRetired && IsAtEnd && time.GetElapsedTime(endedAt) < RestingLook;

    public TimeSpan QuietFor => time.GetElapsedTime(grownAt);

    public void Retire()
    {
        if (!IsRetired)
        {
            // Something may have come since its end was seen.
            (IsRetired, IsAtEnd) = (true, false);
            NoteGrowth();
        }
    }

    public void NoteGrowth() => grownAt = time.GetTimestamp();

    public void NoteEnd() => (IsAtEnd, endedAt) = (true, time.GetTimestamp());

    /// <summary>Notes that it is read on, or that nobody knows its end.</summary>
    public void NoteNoEnd() => IsAtEnd = false;
}
