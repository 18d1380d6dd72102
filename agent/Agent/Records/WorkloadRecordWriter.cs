using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Records;

/// <summary>Puts a line of the process journal into its envelope: a Workload record.</summary>
/// <remarks>
/// The line is copied byte for byte. The node knows numbers of users, not people: a record has a userIdentity only of an API event.
/// </remarks>
/// <param name="tags">The labels that records get; null for none.</param>
sealed class WorkloadRecordWriter(Origin origin, RecordTags? tags = null) : IInsightRecords
{
    const int EnvelopeRoom = 1024;

    readonly RecordEnvelope envelope = new(origin);
    byte[] who = [];

    /// <param name="identity">Members of the envelope that name who started it, with a comma after them.</param>
    public void Write(in AuditEvent process, Position position, RecordBuffer record, ReadOnlySpan<byte> identity = default)
    {
        Note(identity);
        // What the envelope repeats of the line is part of it.
        var context = ContextOf(process);
        record.Start((process.Line.Length * 2) + envelope.Length + who.Length + context.Length + EnvelopeRoom);
        WriteEnvelope(process, position, "", "Workload"u8, context, record);
        WriteEvent(process, record);
    }

    /// <summary>Takes members that the findings of the next process name too.</summary>
    public void Note(ReadOnlySpan<byte> identity) => who = identity.ToArray();

    /// <inheritdoc/>
    public int WriteInsight(
        in AuditEvent audit, string rule, ReadOnlySpan<byte> details, bool withEvent, Position position, RecordBuffer record)
    {
        var context = ContextOf(audit);
        var around = envelope.Length + who.Length + context.Length + EnvelopeRoom;
        record.Start((audit.Line.Length * 2) + details.Length + rule.Length + around);
        WriteEnvelope(audit, position, rule, "Insight"u8, context, record);
        record.Append(",\"insightDetails\":"u8);
        record.Append(details);
        var summary = record.Written.Length;
        if (withEvent)
        {
            WriteEvent(audit, record);
        }
        else
        {
            record.Append("}\n"u8);
        }

        return summary;
    }

    EventContext ContextOf(in AuditEvent process) =>
        RecordTags.Of(tags, process.Namespace, tags is null ? default : ProcessEvent.OfContainer(process, "podUID"u8));

    void WriteEnvelope(
        in AuditEvent process, Position position, string rule, ReadOnlySpan<byte> category, EventContext context, RecordBuffer record)
    {
        envelope.Begin(position, rule, process.StageTimestamp, category, record);
        record.Append("\",\"eventSource\":\"process\",\"eventName\":\""u8);
        record.Append(process.Verb);
        record.Append("\",\"readOnly\":false,"u8);
        record.Append(who);
        WritePod(process, record);
        context.Write(record);
        envelope.End(record);
    }

    static void WritePod(in AuditEvent process, RecordBuffer record)
    {
        if (!process.HasObject)
        {
            return;
        }

        record.Append("\"objectRef\":{\"resource\":\"pods\",\"namespace\":\""u8);
        record.Append(process.Namespace);
        record.Append("\",\"name\":\""u8);
        record.Append(process.Name);
        var uid = ProcessEvent.OfContainer(process, "podUID"u8);
        if (!uid.IsEmpty)
        {
            record.Append("\",\"uid\":\""u8);
            record.Append(uid);
        }

        record.Append("\"},"u8);
    }

    static void WriteEvent(in AuditEvent process, RecordBuffer record)
    {
        record.Append(",\"event\":"u8);
        record.Append(process.Line);
        record.Append("}\n"u8);
    }
}
