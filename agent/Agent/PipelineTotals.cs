using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent;

/// <summary>What a pipeline has read since it started: events, and records that findings made beside them.</summary>
readonly record struct SourceTotals(long Read, long Selected, long Aggregated, long Insights, DateTimeOffset? LastEventAt);

/// <summary>Counts what a pipeline reads.</summary>
/// <param name="lastEventBefore">When the last event happened that an earlier run read: so far it is behind until it reads one.</param>
sealed class PipelineTotals(DateTimeOffset? lastEventBefore)
{
    readonly byte[] lastEventTime = new byte[40];
    int lastEventTimeLength;
    long readEvents;
    long selectedEvents;
    long aggregatedEvents;
    long insightRecords;

    /// <summary>Notes when an event happened; parsed only when it is read.</summary>
    public void Note(ReadOnlySpan<byte> eventTime)
    {
        if (!eventTime.IsEmpty)
        {
            lastEventTimeLength = Math.Min(eventTime.Length, lastEventTime.Length);
            eventTime[..lastEventTimeLength].CopyTo(lastEventTime);
        }
    }

    public void Add(in ReadCounts read)
    {
        readEvents += read.Events;
        selectedEvents += read.Selected;
        aggregatedEvents += read.Aggregated;
        insightRecords += read.Insights;
    }

    public SourceTotals Snapshot() => new(
        readEvents, selectedEvents, aggregatedEvents, insightRecords,
        EventTime.Parse(lastEventTime.AsSpan(0, lastEventTimeLength)) ?? lastEventBefore);
}
