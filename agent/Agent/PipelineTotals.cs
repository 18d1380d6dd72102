using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent;

/// <summary>What a pipeline has read since it started.</summary>
/// <param name="lastEventBefore">When the last event happened that an earlier run read: so far it is behind until it reads one.</param>
sealed class PipelineTotals(DateTimeOffset? lastEventBefore)
{
    readonly byte[] lastEventTime = new byte[40];
    int lastEventTimeLength;
    long readEvents;
    long selectedEvents;
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
        insightRecords += read.Insights;
    }

    public (long Read, long Selected, long Insights, DateTimeOffset? LastEventAt) Snapshot() =>
        (readEvents, selectedEvents, insightRecords, EventTime.Parse(lastEventTime.AsSpan(0, lastEventTimeLength)) ?? lastEventBefore);
}
