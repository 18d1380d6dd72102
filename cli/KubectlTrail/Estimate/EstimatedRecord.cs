using System.Buffers;
using System.Buffers.Text;
using System.Text;
using ClusterTrail.Rules.Aggregates;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Kubectl.Estimate;

/// <summary>Makes what is about as long, and compresses about as well, as the record that an agent would write of an event.</summary>
/// <remarks>docs/archive-format.md says how records are. Nobody reads these.</remarks>
sealed class EstimatedRecord(string cluster, string trail)
{
    const int OffsetDigits = 16;

    readonly ArrayBufferWriter<byte> buffer = new(64 << 10);
    readonly byte[] tail = Encoding.UTF8.GetBytes(
        $"\"clusterName\":\"{cluster}\",\"nodeName\":\"control-plane-1\",\"trail\":\"{trail}\",");
    long offset;

    /// <summary>Valid until the next one.</summary>
    internal ReadOnlySpan<byte> Write(in AuditEvent audit, AuditLevel level)
    {
        buffer.ResetWrittenCount();
        WriteEnvelope(audit, audit.SourceAddress);
        buffer.Write("\"event\":"u8);
        WriteEvent(audit, level);
        buffer.Write("}\n"u8);
        return buffer.WrittenSpan;
    }

    /// <summary>The same of a count.</summary>
    internal ReadOnlySpan<byte> Write(in AggregateRow row)
    {
        buffer.ResetWrittenCount();
        var common = row.Common;
        WriteEnvelope(common, row[AggregatePart.SourceAddress]);
        Write("\"objectRef\":{\"resource\":\""u8, common.Resource);
        Write("\",\"namespace\":\""u8, common.Namespace);
        Write("\",\"apiGroup\":\""u8, common.ApiGroup);
        buffer.Write(Encoding.UTF8.GetBytes(
            $"\"}},\"timeWindow\":{{\"windowStart\":\"{row.Window:s}Z\",\"windowEnd\":\"{row.Window + AggregateKeyWriter.Window:s}Z\","
                + $"\"windowSize\":\"PT5M\"}},\"aggregateDetails\":{{\"count\":{row.Events},"
                + $"\"firstEventTime\":\"{row.FirstAt:O}\",\"lastEventTime\":\"{row.LastAt:O}\","));
        buffer.Write("\"firstEventID\":\""u8);
        WriteId(1);
        buffer.Write("\",\"lastEventID\":\""u8);
        WriteId(1);
        Write("\",\"stage\":\""u8, common.Stage);
        Write("\",\"statusCode\":"u8, common.StatusCode);
        Write(",\"userAgent\":\""u8, common.UserAgent);
        for (var at = 0; at < row.Names; at++)
            Write("\",\""u8, row.NameAt(at));
        buffer.Write("\"}}\n"u8);
        return buffer.WrittenSpan;
    }

    void WriteEnvelope(in AuditEvent audit, ReadOnlySpan<byte> address)
    {
        buffer.Write("{\"eventVersion\":\"1.0\",\"eventID\":\""u8);
        WriteId(audit.Line.Length);
        Write("\",\"eventTime\":\""u8, audit.StageTimestamp);
        buffer.Write("\",\"eventCategory\":\"Management"u8);
        Write("\",\"eventSource\":\""u8, audit.ApiGroup.IsEmpty ? "core"u8 : audit.ApiGroup);
        Write("\",\"eventName\":\""u8, audit.Verb);
        Write(" "u8, audit.HasObject ? audit.Resource : audit.RequestUri);
        Write("\",\"readOnly\":true,\"userIdentity\":{\"type\":\"ServiceAccount\",\"userName\":\""u8, audit.UserName);
        Write("\"},\"sourceIPAddress\":\""u8, address);
        buffer.Write("\","u8);
        buffer.Write(tail);
    }

    /// <summary>How many bytes a level leaves out of the event.</summary>
    internal static long Cut(in AuditEvent audit, AuditLevel level) =>
        (level < AuditLevel.Request ? Length(audit, audit.RequestObject) : 0)
        + (level < AuditLevel.RequestResponse ? Length(audit, audit.ResponseObject) : 0);

    void WriteEvent(in AuditEvent audit, AuditLevel level)
    {
        var request = level < AuditLevel.Request ? audit.RequestObject : 0;
        var response = level < AuditLevel.RequestResponse ? audit.ResponseObject : 0;
        var from = 0;
        foreach (var key in request < response ? (ReadOnlySpan<int>)[request, response] : [response, request])
        {
            if (key == 0)
                continue;
            buffer.Write(audit.Line[from..audit.Index.Position(key)]);
            from = audit.Index.Position(key) + (int)Length(audit, key);
        }

        buffer.Write(audit.Line[from..]);
    }

    // A member with the comma after it.
    static long Length(in AuditEvent audit, int key) =>
        key == 0 ? 0 : audit.Index.Position(audit.Index.After(audit.Line, key + 2)) - audit.Index.Position(key);

    // As real ones, each differs from the one before in a few digits.
    void WriteId(int length)
    {
        buffer.Write("0123456789abcdef01234567-"u8);
        Utf8Formatter.TryFormat(offset, buffer.GetSpan(OffsetDigits), out var written, new('x', OffsetDigits));
        buffer.Advance(written);
        offset += length + 1;
    }

    void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        buffer.Write(name);
        buffer.Write(value);
    }
}
