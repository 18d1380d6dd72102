using System.Globalization;
using ClusterTrail.Rules.Aggregates;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Records;

/// <summary>Writes a row of a roll-up: the envelope that its events have in common, and how many there were. It copies strings as the
/// events escape them.</summary>
/// <param name="tags">The labels that records get; null for none.</param>
sealed class AggregateRecordWriter(Origin origin, RecordTags? tags = null)
{
    /// <summary>What an eventID ends with; no rule has such a name.</summary>
    public const string Suffix = "Aggregate";

    const int EnvelopeRoom = 1024;
    const string WindowFormat = "yyyy-MM-ddTHH:mm:ssZ";
    const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.ffffffZ";
    const int LongestNumber = 32;

    readonly RecordEnvelope envelope = new(origin);
    readonly EventIds ids = new(origin);

    public void Write(in AggregateRow row, RecordBuffer record)
    {
        var common = row.Common;
        var context = RecordTags.Of(tags, common.Namespace);
        // Some parts stand in it twice.
        record.Start((row.TextLength * 2) + (row.Names * "\"\",".Length) + envelope.Length + context.Length + EnvelopeRoom);
        Span<byte> time = stackalloc byte[LongestNumber];
        envelope.Begin(row.First, Suffix, Format(row.FirstAt, TimeFormat, time), "Aggregate"u8, record);
        RecordWriter.WriteRequest(common, record);
        if (row[AggregatePart.SourceAddress] is { IsEmpty: false } address)
        {
            record.Append("\"sourceIPAddress\":\""u8);
            record.Append(address);
            record.Append("\","u8);
        }

        RecordWriter.WriteError(common, record);
        context.Write(record);
        envelope.End(record);
        WriteObject(common, record);
        WriteWindow(row, record);
        WriteDetails(row, common, record);
        record.Append("}}\n"u8);
    }

    static void WriteObject(in AuditEvent common, RecordBuffer record)
    {
        if (!common.HasObject)
            return;
        record.Append(",\"objectRef\":{\"resource\":\""u8);
        record.Append(common.Resource);
        record.Append("\""u8);
        WriteText(",\"namespace\":\""u8, common.Namespace, record);
        WriteText(",\"apiGroup\":\""u8, common.ApiGroup, record);
        WriteText(",\"subresource\":\""u8, common.Subresource, record);
        record.Append("}"u8);
    }

    static void WriteWindow(in AggregateRow row, RecordBuffer record)
    {
        Span<byte> time = stackalloc byte[LongestNumber];
        record.Append(",\"timeWindow\":{\"windowStart\":\""u8);
        record.Append(Format(row.Window, WindowFormat, time));
        record.Append("\",\"windowEnd\":\""u8);
        record.Append(Format(row.Window + AggregateKeyWriter.Window, WindowFormat, time));
        record.Append("\",\"windowSize\":\"PT5M\"}"u8);
    }

    void WriteDetails(in AggregateRow row, in AuditEvent common, RecordBuffer record)
    {
        Span<byte> text = stackalloc byte[LongestNumber];
        record.Append(",\"aggregateDetails\":{\"count\":"u8);
        row.Events.TryFormat(text, out var length, provider: CultureInfo.InvariantCulture);
        record.Append(text[..length]);
        WriteText(",\"firstEventTime\":\""u8, Format(row.FirstAt, TimeFormat, text), record);
        WriteText(",\"lastEventTime\":\""u8, Format(row.LastAt, TimeFormat, text), record);
        record.Append(",\"firstEventID\":\""u8);
        ids.Write(row.First, record.Take(EventIds.Length));
        record.Append("\",\"lastEventID\":\""u8);
        ids.Write(row.Last, record.Take(EventIds.Length));
        record.Append("\""u8);
        WriteText(",\"stage\":\""u8, common.Stage, record);
        if (IsNumber(common.StatusCode))
        {
            record.Append(",\"statusCode\":"u8);
            record.Append(common.StatusCode);
        }

        WriteText(",\"userAgent\":\""u8, common.UserAgent, record);
        WriteNames(row, record);
    }

    static void WriteNames(in AggregateRow row, RecordBuffer record)
    {
        for (var at = 0; at < row.Names; at++)
        {
            record.Append(at == 0 ? ",\"names\":[\""u8 : ",\""u8);
            record.Append(row.NameAt(at));
            record.Append("\""u8);
        }

        record.Append(row.Names > 0 ? "]"u8 : []);
        record.Append(row.HasMoreNames ? ",\"moreNames\":true"u8 : []);
    }

    // Three digits that JSON takes for a number, whatever the event has there.
    static bool IsNumber(ReadOnlySpan<byte> code) =>
        code.Length == 3 && code[0] != (byte)'0' && !code.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    static void WriteText(ReadOnlySpan<byte> member, ReadOnlySpan<byte> text, RecordBuffer record)
    {
        if (text.IsEmpty)
            return;
        record.Append(member);
        record.Append(text);
        record.Append("\""u8);
    }

    static ReadOnlySpan<byte> Format(DateTimeOffset time, string format, Span<byte> text)
    {
        time.TryFormat(text, out var length, format, CultureInfo.InvariantCulture);
        return text[..length];
    }
}
