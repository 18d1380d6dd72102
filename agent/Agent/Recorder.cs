using ClusterTrail.Agent.Detections;
using ClusterTrail.Agent.Files;
using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Selectors;

namespace ClusterTrail.Agent;

/// <summary>Turns a line into a record, if anybody asked for it, and holds it against the detections.</summary>
/// <remarks>Guarantees: a line that is not an audit event, or too long, is always recorded; no line is dropped because of a bug.</remarks>
sealed class Recorder(Origin origin, ReloadedFile<Selector> selectors, SourceDetector? detector, TimeProvider time) : IDisposable
{
    readonly JsonIndex index = new();
    readonly RecordWriter writer = new(origin);
    readonly UnparsedRecordWriter unparsedWriter = new(origin, time);
    readonly RecordBuffer record = new();

    public RecordedLine Record(SourceLine line)
    {
        if (line.Nuls > 0)
        {
            unparsedWriter.WriteNuls(line.Nuls, line.Start, record);
            return new(Recorded.Unparsable, record.Written);
        }

        if (line.Oversized is not null)
        {
            unparsedWriter.WriteOversized(line.Text, line.Oversized, line.Start, record);
            return new(Recorded.Oversized, record.Written);
        }

        ReadOnlySpan<byte> eventTime = default;
        IReadOnlyList<Insight>? insights = null;
        string reason;
        try
        {
            if (AuditEvent.TryParse(line.Text, index, out var audit, out reason))
            {
                eventTime = audit.StageTimestamp;
                var level = selectors.Current.Select(audit);
                insights = detector?.Detect(audit, level, line.Start);
                return Record(audit, level, line.Start, insights);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            reason = e.GetType().Name;
        }

        unparsedWriter.WriteUnparsable(line.Text, reason, line.Start, record);
        return new(Recorded.Unparsable, record.Written, eventTime, insights);
    }

    /// <summary>Passes on what detections counted since the last time.</summary>
    public void ReportCounts() => detector?.ReportCounts();

    public void Dispose()
    {
        record.Dispose();
        detector?.Dispose();
    }

    RecordedLine Record(scoped in AuditEvent audit, AuditLevel level, Position start, IReadOnlyList<Insight>? insights)
    {
        if (level == AuditLevel.None)
        {
            return new(Recorded.NotSelected, [], audit.StageTimestamp, insights);
        }

        writer.Write(audit, level, start, record);
        return new(Recorded.Event, record.Written, audit.StageTimestamp, insights);
    }
}
