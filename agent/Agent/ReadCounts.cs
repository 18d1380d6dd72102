using ClusterTrail.Agent.Sources;

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

    /// <summary>Lines that no API server wrote.</summary>
    public int Foreign;

    /// <summary>How many lines are compared with what API servers made.</summary>
    public readonly int Counted => Events - Foreign;

    public void Add(scoped in RecordedLine recorded, in SourceLine line)
    {
        var bytes = line.Oversized?.Bytes ?? (line.Text.Length + line.Nuls);
        Events++;
        Bytes += bytes + 1;
        Selected += recorded.Outcome is Recorded.Event or Recorded.Unparsable ? 1 : 0;
        Aggregated += recorded.Outcome == Recorded.Aggregated ? 1 : 0;
        Insights += recorded.Insights.Count;
        Unparsable += recorded.Outcome == Recorded.Unparsable ? 1 : 0;
        Oversized += line.Oversized is not null ? 1 : 0;
        Truncated += recorded.IsTruncated ? 1 : 0;
        // An event that is too long, too deep or cut off begins like any other.
        Foreign += recorded.Outcome == Recorded.Unparsable && !line.Text.StartsWith((byte)'{') ? 1 : 0;
    }
}
