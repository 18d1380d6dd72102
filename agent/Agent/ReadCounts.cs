using ClusterTrail.Agent.Records;

namespace ClusterTrail.Agent;

/// <summary>What one step of a pipeline read.</summary>
struct ReadCounts
{
    public int Events;
    public long Bytes;
    public int Selected;
    public int Unparsable;
    public int Oversized;

    /// <param name="insights">Records that the line made beside its own.</param>
    public void Add(Recorded recorded, long bytes, int insights)
    {
        Events++;
        Bytes += bytes + 1;
        Selected += insights + (recorded == Recorded.NotSelected ? 0 : 1);
        Unparsable += recorded == Recorded.Unparsable ? 1 : 0;
        Oversized += recorded == Recorded.Oversized ? 1 : 0;
    }
}
