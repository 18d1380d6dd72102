using System.Buffers.Text;
using System.Text.Encodings.Web;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Records;

/// <summary>Writes what a container wrote as a Workload record. Nothing is allocated for a line.</summary>
/// <param name="tags">The labels that records get; null for none.</param>
sealed class ContainerRecordWriter(Origin origin, RecordTags? tags = null)
{
    const int EnvelopeRoom = 1024;

    // A control character becomes \u0000.
    const int LongestEscape = 6;
    const int LongestNumber = 20;

    readonly RecordEnvelope envelope = new(origin);

    /// <summary>Writes the record's <c>event</c>.</summary>
    /// <param name="isJson">Whether the text is a JSON object, which stays as it is.</param>
    /// <param name="omitted">The member that names what was left out of the text, with a comma before it; nothing of a whole one.</param>
    public static void WriteEvent(
        ContainerLine line, ReadOnlySpan<byte> text, bool isJson, RecordBuffer buffer, ReadOnlySpan<byte> omitted = default)
    {
        buffer.Start((text.Length * LongestEscape) + line.Container.Json.Length + omitted.Length + EnvelopeRoom);
        buffer.Append("{\"kind\":\"ContainerOutput\",\"apiVersion\":\"audit.clustertrail.io/v1alpha1\",\"time\":\""u8);
        buffer.Append(line.Time);
        buffer.Append("\",\"stream\":\""u8);
        buffer.Append(Stream(line));
        buffer.Append("\",\"container\":"u8);
        buffer.Append(line.Container.Json);
        buffer.Append(omitted);
        if (line.Bytes > text.Length || !omitted.IsEmpty)
        {
            buffer.Append(",\"messageBytes\":"u8);
            WriteNumber(line.Bytes, buffer);
        }

        buffer.Append(line.IsUnended ? ",\"unended\":true,\"message\":"u8 : ",\"message\":"u8);
        if (isJson)
        {
            buffer.Append(text);
        }
        else
        {
            WriteText(text, buffer);
        }

        buffer.Append("}"u8);
    }

    public void Write(ContainerLine line, ReadOnlySpan<byte> @event, Position position, RecordBuffer record)
    {
        var context = RecordTags.Of(tags, line.Container.Namespace, line.Container.PodUid);
        record.Start(@event.Length + line.Container.ObjectRef.Length + envelope.Length + context.Length + EnvelopeRoom);
        envelope.Begin(position, "", line.Time, "Workload"u8, record);
        record.Append("\",\"eventSource\":\"container\",\"eventName\":\""u8);
        record.Append(Stream(line));
        record.Append("\",\"readOnly\":false,\"objectRef\":"u8);
        record.Append(line.Container.ObjectRef);
        record.Append(","u8);
        context.Write(record);
        envelope.End(record);
        record.Append(",\"event\":"u8);
        record.Append(@event);
        record.Append("}\n"u8);
    }

    static ReadOnlySpan<byte> Stream(ContainerLine line) => line.IsError ? "stderr"u8 : "stdout"u8;

    static void WriteNumber(long number, RecordBuffer buffer)
    {
        Span<byte> digits = stackalloc byte[LongestNumber];
        Utf8Formatter.TryFormat(number, digits, out var length);
        buffer.Append(digits[..length]);
    }

    // What is not UTF-8 becomes U+FFFD.
    static void WriteText(ReadOnlySpan<byte> text, RecordBuffer buffer)
    {
        buffer.Append("\""u8);
        var before = buffer.Written.Length;
        var room = buffer.Take(text.Length * LongestEscape);
        JavaScriptEncoder.UnsafeRelaxedJsonEscaping.EncodeUtf8(text, room, out _, out var written);
        buffer.Cut(before + written);
        buffer.Append("\""u8);
    }
}
