using System.Buffers;
using ClusterTrail.Agent.Detections;
using ClusterTrail.Agent.Execs;
using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent;

/// <summary>Turns lines of a process journal into Workload records, and holds them against the detections.</summary>
/// <remarks>
/// Detections look at all that is in the journal, which has the namespaces that were asked for. Selectors are for API events.
/// </remarks>
/// <param name="joined">Knows what started processes that entered containers; null where nobody asks.</param>
/// <param name="asked">Of which of their containers processes are recorded; null is all.</param>
sealed class ProcessRecorder(
    Origin origin, SourceDetector? detector, TimeProvider time, JoinedProcesses? joined = null, ProcessesAsked? asked = null,
    RecordTags? tags = null) : IRecorder
{
    readonly JsonIndex index = new();
    readonly JsonIndex joinedIndex = new();
    readonly WorkloadRecordWriter writer = new(origin, tags);
    readonly UnparsedRecordWriter unparsedWriter = new(origin, time);
    readonly RecordBuffer record = new();
    readonly ArrayBufferWriter<byte> withOrigin = new();

    public RecordedLine Record(SourceLine line)
    {
        if (line.Nuls > 0)
        {
            unparsedWriter.WriteNuls(line.Nuls, line.Start, record);
            return new(Recorded.Unparsable, record.Written);
        }

        // A line of ours is never so long.
        var reason = ProcessEvent.NotAProcessEvent;
        if (line.Oversized is null && ProcessEvent.TryParse(line.Text, index, out var process, out reason))
        {
            return joined?.Of(process) is { } origin ? RecordJoined(process, origin, line.Start) : Record(process, [], line.Start);
        }

        unparsedWriter.WriteUnparsable(line, reason, record);
        return new(Recorded.Unparsable, record.Written);
    }

    public void ReportCounts()
    {
        detector?.ReportCounts();
        tags?.ReportCounts();
    }

    public void Dispose()
    {
        record.Dispose();
        detector?.Dispose();
    }

    RecordedLine Record(scoped in AuditEvent process, ReadOnlySpan<byte> identity, Position start)
    {
        if (asked?.Includes(process) == false)
        {
            writer.Note(identity);
            return new(Recorded.NotSelected, [], process.StageTimestamp, Detect(process, start));
        }

        writer.Write(process, start, record, identity);
        return new(Recorded.Event, record.Written, process.StageTimestamp, Detect(process, start));
    }

    // The line with what is known of its origin, as rules and readers see it.
    RecordedLine RecordJoined(scoped in AuditEvent process, JoinedMembers origin, Position start)
    {
        var length = process.Line.LastIndexOf((byte)'}');
        withOrigin.ResetWrittenCount();
        withOrigin.Write(process.Line[..length]);
        withOrigin.Write(origin.Event);
        withOrigin.Write("}"u8);
        return ProcessEvent.TryParse(withOrigin.WrittenSpan, joinedIndex, out var whole, out _)
            ? Record(origin.IsKnown ? whole : ProcessEvent.WithoutOrigin(whole), origin.Envelope, start)
            : Record(process, [], start);
    }

    IReadOnlyList<Insight>? Detect(in AuditEvent process, Position start) =>
        process.Verb.SequenceEqual(ProcessEvent.Exec) ? detector?.Detect(process, AuditLevel.RequestResponse, start) : null;
}
