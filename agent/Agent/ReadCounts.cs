namespace ClusterTrail.Agent;

/// <summary>What one step of a pipeline read.</summary>
struct ReadCounts
{
    public int Events;
    public long Bytes;
    public int Selected;
    public int Aggregated;
    public int Insights;
    public int Unparsable;
    public int Oversized;
    public int Truncated;

    public void Add(scoped in RecordedLine recorded, long bytes, bool isOversized)
    {
        Events++;
        Bytes += bytes + 1;
        Selected += recorded.Outcome is Recorded.Event or Recorded.Unparsable ? 1 : 0;
        Aggregated += recorded.Outcome == Recorded.Aggregated ? 1 : 0;
        Insights += recorded.Insights.Count;
        Unparsable += recorded.Outcome == Recorded.Unparsable ? 1 : 0;
        Oversized += isOversized ? 1 : 0;
        Truncated += recorded.IsTruncated ? 1 : 0;
    }
}
