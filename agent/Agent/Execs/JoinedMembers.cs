using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ClusterTrail.Contract.Execs;

namespace ClusterTrail.Agent.Execs;

/// <summary>What a process's record says of its origin: docs/archive-format.md describes it.</summary>
/// <param name="Event">The member <c>join</c> of the event, with a comma before it.</param>
/// <param name="Envelope">The members of the envelope, with a comma after them; nothing when nobody is named.</param>
/// <param name="IsKnown">False when nobody can say what started it.</param>
sealed record JoinedMembers(byte[] Event, byte[] Envelope, bool IsKnown)
{
    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="inheritedFrom">The id of the process that entered; null for that process itself.</param>
    public static JoinedMembers Of(ProcessOrigin origin, string? inheritedFrom) => new(
        [.. ",\"join\":"u8, .. Json(json => WriteJoin(json, origin, inheritedFrom))],
        EnvelopeOf(origin), origin.StartedBy != StartedBy.NotEvaluable);

    static void WriteJoin(Utf8JsonWriter json, ProcessOrigin origin, string? inheritedFrom)
    {
        // What is not known has no member, so that no rule takes it for known.
        if (origin.StartedBy != StartedBy.NotEvaluable)
        {
            json.WriteString("startedBy"u8, origin.StartedBy.ToString());
        }

        if (inheritedFrom is not null)
        {
            json.WriteString("inheritedFrom"u8, inheritedFrom);
        }

        if (origin.Reason is not null)
        {
            json.WriteString(origin.StartedBy == StartedBy.NotEvaluable ? "notEvaluable"u8 : "uncertain"u8, origin.Reason);
        }

        WriteEvents(json, "apiEvents"u8, origin.Events);
        WriteEvents(json, "takenApiEvents"u8, origin.Taken);
    }

    // One person is named only when it can be nobody else.
    static byte[] EnvelopeOf(ProcessOrigin origin)
    {
        if (origin.Events.Count == 0)
        {
            return [];
        }

        var members = origin is { Events: [var one], Reason: null }
            ? Json(json =>
            {
                json.WritePropertyName("userIdentity"u8);
                WriteIdentity(json, one.UserIdentity);
                json.WriteString("apiEventID"u8, one.EventID);
            })
            : Json(json => WriteEvents(json, "apiEvents"u8, origin.Events));
        return [.. members.AsSpan(1..^1), (byte)','];
    }

    static void WriteEvents(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<ExecEvent> events)
    {
        if (events.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var one in events)
        {
            json.WriteStartObject();
            json.WriteString("eventID"u8, one.EventID);
            json.WriteString("auditID"u8, one.AuditID);
            json.WriteString("eventTime"u8, one.Time);
            json.WritePropertyName("userIdentity"u8);
            WriteIdentity(json, one.UserIdentity);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    static void WriteIdentity(Utf8JsonWriter json, ExecIdentity identity)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, identity.Type);
        json.WriteString("userName"u8, identity.UserName);
        if (identity.ActingAs is not null)
        {
            json.WriteString("actingAs"u8, identity.ActingAs);
        }

        json.WriteEndObject();
    }

    static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text, Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return text.WrittenSpan.ToArray();
    }
}
