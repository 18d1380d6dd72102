namespace ClusterTrail.Agent.Execs;

/// <summary>What became of the processes that entered containers.</summary>
sealed class JoinCounts
{
    readonly long[] counts = new long[Enum.GetValues<StartedBy>().Length];
    long ambiguous;

    public long Ambiguous => Interlocked.Read(ref ambiguous);

    public long this[StartedBy kind] => Interlocked.Read(ref counts[(int)kind]);

    public void Note(ProcessOrigin origin)
    {
        Interlocked.Increment(ref counts[(int)origin.StartedBy]);
        if (origin.Events.Count > 1)
        {
            Interlocked.Increment(ref ambiguous);
        }
    }
}
