using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Records;

/// <summary>Writes what is no audit event: Unparsable records. Rare, so it may allocate.</summary>
sealed class UnparsedRecordWriter(Origin origin, TimeProvider time)
{
    readonly EventIds ids = new(origin);

    /// <summary>A line that is no audit event; of one longer than the limit only what is kept.</summary>
    public void WriteUnparsable(SourceLine line, string reason, RecordBuffer record)
    {
        var (bytes, sha256) = line.Oversized is { } oversized
            ? (oversized.Bytes, oversized.Sha256)
            : (line.Text.Length, SHA256.HashData(line.Text));
        Write(reason, bytes, sha256, line.Text, line.Start, record);
    }

    /// <summary>NUL bytes in place of lines: a hole that a truncation left, or what a power cut left of lines.</summary>
    public void WriteNuls(long bytes, Position position, RecordBuffer record) =>
        Write("Nuls", bytes, null, [], position, record);

    void Write(string reason, long bytes, byte[]? sha256, ReadOnlySpan<byte> text, Position position, RecordBuffer record)
    {
        Span<byte> id = stackalloc byte[EventIds.Length];
        ids.Write(position, id);
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("eventVersion", "1.0");
            json.WriteString("eventID", id);
            json.WriteString("eventTime", time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", null));
            json.WriteString("eventCategory", "Unparsable");
            json.WriteString("clusterName", origin.ClusterName);
            json.WriteString("nodeName", origin.NodeName);
            json.WriteString("trail", origin.Trail);
            json.WriteString("reason", reason);
            WriteLine(json, bytes, sha256, text);
            json.WriteEndObject();
        }

        record.Start(buffer.WrittenCount + 1);
        record.Append(buffer.WrittenSpan);
        record.Append("\n"u8);
    }

    // Text where it is text, base64 where it is not: either gives the bytes back as they were.
    static void WriteLine(Utf8JsonWriter json, long bytes, byte[]? sha256, ReadOnlySpan<byte> text)
    {
        json.WriteStartObject("line");
        json.WriteNumber("bytes", bytes);
        if (sha256 is null)
        {
            // So many bytes say nothing but how many they are.
            json.WriteEndObject();
            return;
        }

        json.WriteString("sha256", Convert.ToHexStringLower(sha256));
        if (Utf8.IsValid(text))
        {
            json.WriteString("text", text);
        }
        else
        {
            json.WriteBase64String("base64", text);
        }

        json.WriteEndObject();
    }
}
