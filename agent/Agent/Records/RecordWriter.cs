using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Records;

/// <summary>Puts an audit event into its envelope: one line of the archive, its fields named as CloudTrail names them.</summary>
/// <remarks>
/// The event is copied byte for byte, but for the bodies that the level leaves out. Strings are copied as the event escapes them. What was
/// cut out of it before is named.
/// </remarks>
/// <param name="tags">The labels that records get; null for none.</param>
sealed class RecordWriter(Origin origin, RecordTags? tags = null) : IInsightRecords
{
    // What the envelope adds, apart from what it repeats of the event.
    const int EnvelopeRoom = 1024;

    readonly RecordEnvelope envelope = new(origin);

    public void Write(in AuditEvent audit, AuditLevel level, Position position, RecordBuffer record)
    {
        var truncated = audit.Truncation is { } truncation ? TruncatedMember.Of(truncation, level) : [];
        var context = RecordTags.Of(tags, audit.Namespace);
        record.Start((audit.Line.Length * 2) + envelope.Length + context.Length + truncated.Length + EnvelopeRoom);
        WriteEnvelope(audit, position, "", Classification.Category(audit), context, record);
        if (level < audit.Level)
        {
            record.Append(",\"recordedLevel\":\""u8);
            record.Append(level == AuditLevel.Metadata ? "Metadata"u8 : "Request"u8);
            record.Append("\""u8);
        }

        record.Append(truncated);
        record.Append(",\"event\":"u8);
        WriteEvent(audit, level, record);
        record.Append("}\n"u8);
    }

    /// <inheritdoc/>
    public int WriteInsight(
        in AuditEvent audit, string rule, ReadOnlySpan<byte> details, bool withEvent, Position position, RecordBuffer record)
    {
        var truncated = withEvent && audit.Truncation is { } truncation ? TruncatedMember.Of(truncation, AuditLevel.Metadata) : [];
        // Its objectRef, the names that the envelope repeats, and the event.
        var context = RecordTags.Of(tags, audit.Namespace);
        var around = envelope.Length + context.Length + EnvelopeRoom;
        record.Start((audit.Line.Length * 3) + details.Length + rule.Length + truncated.Length + around);
        WriteEnvelope(audit, position, rule, "Insight"u8, context, record);
        if (audit.HasObject)
        {
            record.Append(",\"objectRef\":"u8);
            var end = audit.Index.Position(audit.Index.Closing(audit.ObjectRef)) + 1;
            record.Append(audit.Line[audit.Index.Position(audit.ObjectRef)..end]);
        }

        record.Append(",\"insightDetails\":"u8);
        record.Append(details);
        var summary = record.Written.Length;
        if (withEvent)
        {
            record.Append(",\"recordedLevel\":\"Metadata\""u8);
            record.Append(truncated);
            record.Append(",\"event\":"u8);
            WriteEvent(audit, AuditLevel.Metadata, record);
        }

        record.Append("}\n"u8);
        return summary;
    }

    /// <summary>Writes what was asked for, and by whom; before it stands a text whose closing quote is not written yet.</summary>
    public static void WriteRequest(in AuditEvent audit, RecordBuffer record)
    {
        WriteName(audit, record);
        record.Append(Classification.IsReadOnly(audit) ? "\",\"readOnly\":true,"u8 : "\",\"readOnly\":false,"u8);
        WriteIdentity(audit, record);
    }

    /// <summary>Writes why a request failed, with a comma after it; nothing of one that went well.</summary>
    public static void WriteError(in AuditEvent audit, RecordBuffer record)
    {
        var failed = audit.StatusCode.Length == 3 && audit.StatusCode[0] is (byte)'4' or (byte)'5';
        if (failed)
        {
            record.Append("\"errorCode\":\""u8);
            record.Append(audit.StatusReason.IsEmpty ? audit.StatusCode : audit.StatusReason);
            record.Append("\","u8);
        }
    }

    void WriteEnvelope(
        in AuditEvent audit, Position position, string rule, ReadOnlySpan<byte> category, EventContext context, RecordBuffer record)
    {
        envelope.Begin(position, rule, audit.StageTimestamp, category, record);
        WriteRequest(audit, record);
        WriteAddresses(audit, record);
        WriteError(audit, record);
        context.Write(record);
        envelope.End(record);
    }

    static void WriteName(in AuditEvent audit, RecordBuffer record)
    {
        record.Append("\",\"eventSource\":\""u8);
        record.Append(audit.ApiGroup.IsEmpty ? "core"u8 : audit.ApiGroup);
        record.Append("\",\"eventName\":\""u8);
        record.Append(audit.Verb);
        record.Append(" "u8);
        if (!audit.HasObject)
        {
            var query = audit.RequestUri.IndexOf((byte)'?');
            record.Append(query < 0 ? audit.RequestUri : audit.RequestUri[..query]);
            return;
        }

        record.Append(audit.Resource);
        if (!audit.Subresource.IsEmpty)
        {
            record.Append("/"u8);
            record.Append(audit.Subresource);
        }
    }

    static void WriteIdentity(in AuditEvent audit, RecordBuffer record)
    {
        record.Append("\"userIdentity\":{\"type\":\""u8);
        record.Append(Classification.IdentityType(audit.UserName));
        record.Append("\",\"userName\":\""u8);
        record.Append(audit.UserName);
        if (!audit.ImpersonatedUserName.IsEmpty)
        {
            record.Append("\",\"actingAs\":\""u8);
            record.Append(audit.ImpersonatedUserName);
        }

        record.Append("\"},"u8);
    }

    // The API server appends the address it saw itself; all before it are what the client claims.
    static void WriteAddresses(in AuditEvent audit, RecordBuffer record)
    {
        var last = 0;
        foreach (var item in new JsonItems(audit.Line, audit.Index, audit.SourceIPs))
        {
            last = item;
        }

        if (last == 0)
        {
            return;
        }

        record.Append("\"sourceIPAddress\":\""u8);
        record.Append(JsonText.At(audit.Line, audit.Index, last));
        record.Append("\","u8);
        var first = audit.SourceIPs + 1;
        if (last > first)
        {
            record.Append("\"forwardedFor\":["u8);
            record.Append(audit.Line[audit.Index.Position(first)..audit.Index.Position(last - 1)]);
            record.Append("],"u8);
        }
    }

    static void WriteEvent(in AuditEvent audit, AuditLevel level, RecordBuffer record)
    {
        if (level >= audit.Level)
        {
            // Byte for byte, bodies that its level should not have included: the record does not say that anything was cut.
            record.Append(audit.Line);
            return;
        }

        var request = level < AuditLevel.Request ? audit.RequestObject : 0;
        var response = level < AuditLevel.RequestResponse ? audit.ResponseObject : 0;
        var (earlier, later) = request < response ? (request, response) : (response, request);
        var from = 0;
        from = CopyUpTo(audit, earlier, from, record);
        from = CopyUpTo(audit, later, from, record);
        record.Append(audit.Line[from..]);
    }

    /// <summary>
    /// Copies what stands before a member and gives the place after it; the member goes with one of the commas around it.
    /// </summary>
    static int CopyUpTo(in AuditEvent audit, int key, int from, RecordBuffer record)
    {
        if (key == 0)
        {
            return from;
        }

        var next = audit.Index.After(audit.Line, key + 2);
        if (audit.Line[audit.Index.Position(next)] == (byte)',')
        {
            record.Append(audit.Line[from..audit.Index.Position(key)]);
            return audit.Index.Position(next + 1);
        }

        // The last member: what was copied ends with a comma, unless nothing is left before it.
        var before = audit.Line[from..audit.Index.Position(key)];
        record.Append(before);
        record.DropComma();
        return audit.Index.Position(next);
    }
}
