using ClusterTrail.Agent.Detections;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Selectors;

namespace ClusterTrail.Agent.Records;

/// <summary>Turns a line into a record, if anybody asked for it.</summary>
/// <remarks>Guarantees: a line that is no audit event, or too long, is always recorded; no line is dropped by an error of ours.</remarks>
sealed class Recorder(Origin origin, SourceDetector? detector, TimeProvider time) : IDisposable
{
    readonly JsonIndex index = new();
    readonly RecordWriter writer = new(origin);
    readonly OddRecordWriter oddWriter = new(origin, time);
    readonly RecordBuffer record = new();

    /// <summary>The record made last.</summary>
    public ReadOnlySpan<byte> Record => record.Written;

    /// <summary>What the line made known beside its own record: findings.</summary>
    public IReadOnlyList<Insight> Insights { get; private set; } = [];

    /// <param name="eventTime">When it happened, as the event writes it; empty when the line has no time.</param>
    public Recorded Make(SourceLine line, Selector selector, out ReadOnlySpan<byte> eventTime)
    {
        eventTime = default;
        Insights = [];
        if (line.Nuls > 0)
        {
            oddWriter.WriteNuls(line.Nuls, line.Start, record);
            return Recorded.Unparsable;
        }

        if (line.Oversized is not null)
        {
            oddWriter.WriteOversized(line.Text, line.Oversized, line.Start, record);
            return Recorded.Oversized;
        }

        string reason;
        try
        {
            if (AuditEvent.TryParse(line.Text, index, out var audit, out reason))
            {
                eventTime = audit.StageTimestamp;
                return Make(audit, line, selector);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            reason = e.GetType().Name;
        }

        oddWriter.WriteUnparsable(line.Text, reason, line.Start, record);
        return Recorded.Unparsable;
    }

    /// <summary>Passes on what detections counted since the last time.</summary>
    public void TellCounts() => detector?.TellCounts();

    public void Dispose()
    {
        record.Dispose();
        detector?.Dispose();
    }

    Recorded Make(in AuditEvent audit, SourceLine line, Selector selector)
    {
        var level = selector.Select(audit);
        Insights = detector?.Detect(audit, level, line.Start) ?? [];
        if (level == AuditLevel.None)
        {
            return Recorded.NotSelected;
        }

        writer.Write(audit, level, line.Start, record);
        return Recorded.Event;
    }
}
