using ClusterTrail.Agent.Detections;
using ClusterTrail.Agent.Files;
using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Rules.Aggregates;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Selectors;

namespace ClusterTrail.Agent;

/// <summary>Turns a line into a record, if anybody asked for it, and holds it against the detections.</summary>
/// <remarks>
/// Guarantees: an event is judged whatever its size and form, of what is too long, nested too deep or not UTF-8 what fits; a line that is
/// not an audit event is always recorded; no line is dropped because of a bug.
/// </remarks>
sealed class Recorder(
    Origin origin, ReloadedFile<Selector> selectors, SourceDetector? detector, TimeProvider time, EventWatches? watches = null,
    RecordTags? tags = null) : IRecorder
{
    readonly EventWatches watches = watches ?? EventWatches.None;
    readonly JsonIndex index = new();
    readonly RecordWriter writer = new(origin, tags);
    readonly UnparsedRecordWriter unparsedWriter = new(origin, time);
    readonly RecordBuffer record = new();
    readonly EventSalvager salvager = new();
    readonly AggregateKeyWriter keyWriter = new();

    public RecordedLine Record(SourceLine line)
    {
        if (line.Nuls > 0)
        {
            unparsedWriter.WriteNuls(line.Nuls, line.Start, record);
            return new(Recorded.Unparsable, record.Written);
        }

        ReadOnlySpan<byte> eventTime = default;
        IReadOnlyList<Insight>? insights = null;
        string reason;
        try
        {
            if (salvager.TryParse(line.Text, index, out var audit, out reason, line.Oversized?.Truncation))
            {
                eventTime = audit.StageTimestamp;
                watches.Execs?.Note(audit, line.Start);
                var level = watches.Policy is { } policy ? policy.Select(audit) : selectors.Current.Select(audit);
                AggregateKey key = default;
                if (level == AuditLevel.Aggregate && !keyWriter.TryWrite(audit, out key))
                    level = AuditLevel.Metadata;
                insights = detector?.Detect(audit, level, line.Start);
                if (watches.Unusual?.Take(audit, level, line.Start) is { } found)
                    insights = [.. insights ?? [], .. found];
                return level == AuditLevel.Aggregate
                    ? new(Recorded.Aggregated, [], eventTime, insights) { Key = key }
                    : Record(audit, level, line.Start, insights);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            reason = e.GetType().Name;
        }

        unparsedWriter.WriteUnparsable(line, reason, record);
        return new(Recorded.Unparsable, record.Written, eventTime, insights);
    }

    /// <inheritdoc/>
    public void ReportCounts()
    {
        detector?.ReportCounts();
        watches.Policy?.ReportCounts();
        tags?.ReportCounts();
    }

    public void NoteSaved(bool isLast) => watches.Unusual?.NoteSaved(isLast);

    public void Dispose()
    {
        record.Dispose();
        salvager.Dispose();
        detector?.Dispose();
        watches.Unusual?.Dispose();
    }

    RecordedLine Record(scoped in AuditEvent audit, AuditLevel level, Position start, IReadOnlyList<Insight>? insights)
    {
        if (level == AuditLevel.None)
        {
            return new(Recorded.NotSelected, [], audit.StageTimestamp, insights, audit.Truncation is not null);
        }

        writer.Write(audit, level, start, record);
        return new(Recorded.Event, record.Written, audit.StageTimestamp, insights, audit.Truncation is not null);
    }
}
