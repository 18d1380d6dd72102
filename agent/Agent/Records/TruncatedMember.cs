using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Records;

/// <summary>The member of a record that names what was cut out of its event. Rare, so it allocates.</summary>
static class TruncatedMember
{
    const int MaxNamed = 100;

    /// <summary>A comma, its name and its value.</summary>
    /// <param name="level">What is cut in a body that the level leaves out is not named.</param>
    public static byte[] Of(Truncation truncation, AuditLevel level)
    {
        var cuts = truncation.Cuts.Where(cut => IsRecorded(cut.Pointer, level)).ToList();
        var buffer = new ArrayBufferWriter<byte>(1024);
        buffer.Write(",\"truncated\":"u8);
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("reason", truncation.Reason.ToString());
            json.WriteNumber("bytes", truncation.Bytes);
            json.WriteString("sha256", Convert.ToHexStringLower(truncation.Sha256));
            json.WriteStartArray("cuts");
            foreach (var cut in cuts.Take(MaxNamed))
            {
                json.WriteStartObject();
                json.WriteString("pointer", cut.Pointer);
                json.WriteNumber("bytes", cut.Bytes);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (cuts.Count > MaxNamed)
            {
                json.WriteNumber("moreCuts", cuts.Count - MaxNamed);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    static bool IsRecorded(string pointer, AuditLevel level) =>
        (level >= AuditLevel.Request || !IsIn(pointer, "/requestObject"))
        && (level >= AuditLevel.RequestResponse || !IsIn(pointer, "/responseObject"));

    static bool IsIn(string pointer, string body) =>
        pointer.StartsWith(body, StringComparison.Ordinal) && (pointer.Length == body.Length || pointer[body.Length] == '/');
}
