namespace ClusterTrail.Agent.Spool;

/// <summary>How long something was full in all.</summary>
sealed class FullTime(TimeProvider time)
{
    TimeSpan before;
    long? since;

    public TimeSpan Total => before + (since is { } start ? time.GetElapsedTime(start) : TimeSpan.Zero);

    public void Note(bool isFull)
    {
        if (isFull)
        {
            since ??= time.GetTimestamp();
        }
        else if (since is not null)
        {
            (before, since) = (Total, null);
        }
    }
}
