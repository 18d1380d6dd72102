using ClusterTrail.Agent.Detections;
using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent;

/// <summary>Turns lines of a process journal into Workload records, and holds them against the detections.</summary>
/// <remarks>What is in the journal was asked for, so all of it is recorded; selectors are for API events.</remarks>
sealed class ProcessRecorder(Origin origin, SourceDetector? detector, TimeProvider time) : IRecorder
{
    readonly JsonIndex index = new();
    readonly WorkloadRecordWriter writer = new(origin);
    readonly UnparsedRecordWriter unparsedWriter = new(origin, time);
    readonly RecordBuffer record = new();

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
            writer.Write(process, line.Start, record);
            return new(Recorded.Event, record.Written, process.StageTimestamp, Detect(process, line.Start));
        }

        unparsedWriter.WriteUnparsable(line, reason, record);
        return new(Recorded.Unparsable, record.Written);
    }

    public void ReportCounts() => detector?.ReportCounts();

    public void Dispose()
    {
        record.Dispose();
        detector?.Dispose();
    }

    IReadOnlyList<Insight>? Detect(in AuditEvent process, Position start) =>
        process.Verb.SequenceEqual(ProcessEvent.Exec) ? detector?.Detect(process, AuditLevel.RequestResponse, start) : null;
}
