using System.Text.Encodings.Web;
using System.Text.Json;

namespace ClusterTrail.Agent.Sources.Feeds;

/// <summary>Makes an <c>audit.k8s.io/v1</c> event of a LogEntry that Cloud Logging has of a GKE cluster.</summary>
/// <remarks>
/// GKE maps events to <c>google.cloud.audit.AuditLog</c>; this is the way back. What cannot be known any more is named by annotations, so
/// that nobody takes what is derived for what kube-apiserver said.
/// </remarks>
static class GkeLogEntry
{
    const string AuditLogType = "type.googleapis.com/google.cloud.audit.AuditLog";
    const int MostDepth = WrappedEvent.MostDepth;

    static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true, MaxDepth = MostDepth };

    public static void Unwrap(ReadOnlySpan<byte> text, FeedLines lines)
    {
        var mark = lines.Mark();
        try
        {
            var reader = new Utf8JsonReader(text, new() { MaxDepth = MostDepth });
            using var document = JsonDocument.ParseValue(ref reader);
            var entry = document.RootElement;
            if (entry.Object("protoPayload") is not { } payload || payload.Text("@type") != AuditLogType
                || payload.Text("serviceName") != "k8s.io")
            {
                lines.NoteOther();
                return;
            }

            using (var json = new Utf8JsonWriter(lines, Options))
                Write(json, entry, payload);
            lines.EndEvent(mark.Length);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second: half of a surrogate pair.
            lines.GoBack(mark);
            lines.AddUnreadable(text);
        }
    }

    static void Write(Utf8JsonWriter json, JsonElement entry, JsonElement payload)
    {
        var resource = GkeResource.Parse(payload.Text("resourceName") ?? "");
        var method = payload.Text("methodName") ?? "";
        json.WriteStartObject();
        json.WriteString("kind", "Event");
        json.WriteString("apiVersion", "audit.k8s.io/v1");
        json.WriteString("level", Level(payload));
        var operation = entry.Object("operation");
        json.WriteString("auditID", operation?.Text("id") ?? entry.Text("insertId") ?? "");
        json.WriteString("stage", IsFirstOfMore(operation) ? "ResponseStarted" : "ResponseComplete");
        json.WriteString("requestURI", resource.Uri);
        json.WriteString("verb", method[(method.LastIndexOf('.') + 1)..]);
        json.WriteStartObject("user");
        json.WriteString("username", payload.Object("authenticationInfo")?.Text("principalEmail") ?? "");
        json.WriteEndObject();
        WriteCaller(json, payload.Object("requestMetadata"));
        resource.WriteObjectRef(json);
        GkeStatus.Write(json, payload);
        WriteBody(json, "requestObject", payload, "request");
        WriteBody(json, "responseObject", payload, "response");
        var at = entry.Text("timestamp") ?? entry.Text("receiveTimestamp") ?? "";
        json.WriteString("requestReceivedTimestamp", at);
        json.WriteString("stageTimestamp", at);
        GkeAnnotations.Write(json, entry, payload);
        json.WriteEndObject();
    }

    static string Level(JsonElement payload) =>
        payload.Object("response") is not null ? "RequestResponse"
        : payload.Object("request") is not null ? "Request"
        : "Metadata";

    static bool IsFirstOfMore(JsonElement? operation) =>
        operation is { } two && two.TryGetProperty("first", out var first) && first.ValueKind == JsonValueKind.True
            && !(two.TryGetProperty("last", out var last) && last.ValueKind == JsonValueKind.True);

    static void WriteCaller(Utf8JsonWriter json, JsonElement? caller)
    {
        if (caller?.Text("callerIp") is { } address)
        {
            json.WriteStartArray("sourceIPs");
            json.WriteStringValue(address);
            json.WriteEndArray();
        }

        if (caller?.Text("callerSuppliedUserAgent") is { } agent)
            json.WriteString("userAgent", agent);
    }

    // Without the member that the mapping adds.
    static void WriteBody(Utf8JsonWriter json, string name, JsonElement payload, string member)
    {
        if (payload.Object(member) is not { } body)
            return;
        json.WriteStartObject(name);
        foreach (var property in body.EnumerateObject())
        {
            if (!property.NameEquals("@type"))
                property.WriteTo(json);
        }

        json.WriteEndObject();
    }
}
