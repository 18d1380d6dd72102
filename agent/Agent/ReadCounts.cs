
using ClusterTrail.Agent.Sources;

namespace ClusterTrail.Agent;

/// <summary>What one step of a pipeline read.</summary>
struct ReadCounts
{
    public int Events;
    public long Bytes;
    public int Selected;
    public int Insights;
    public int Unparsable;
    public int Oversized;

    /// <param name="insights">How many records of findings the line made, beside its own.</param>
    /// <param name="oversized">What is known of the line if it was longer than the limit.</param>
    public void Add(Recorded recorded, long bytes, Oversized? oversized, int insights)
    {
        Events++;
        Bytes += (oversized?.Bytes ?? bytes) + 1;
        Selected += recorded == Recorded.NotSelected ? 0 : 1;
        Insights += insights;
        Unparsable += recorded == Recorded.Unparsable ? 1 : 0;
        Oversized += oversized is null ? 0 : 1;
    }
}
