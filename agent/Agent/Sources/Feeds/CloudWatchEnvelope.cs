using System.Text.Json;

namespace ClusterTrail.Agent.Sources.Feeds;

/// <summary>Takes events of EKS out of what a subscription of CloudWatch Logs sends.</summary>
/// <remarks>
/// <c>{"messageType":"DATA_MESSAGE","logStream":"kube-apiserver-audit-…","logEvents":[{"id":…,"timestamp":…,"message":"…"}]}</c>.
/// If Firehose extracts the messages, they stand there themselves.
/// </remarks>
static class CloudWatchEnvelope
{
    static ReadOnlySpan<byte> AuditStream => "kube-apiserver-audit-"u8;

    public static void Unwrap(ReadOnlySpan<byte> text, FeedLines lines)
    {
        var mark = lines.Mark();
        try
        {
            switch (KindOf(text))
            {
                case Kind.Events:
                    AddEvents(text, lines);
                    break;
                case Kind.Event:
                    lines.AddEvent(text);
                    break;
                case Kind.Other:
                    lines.NoteOther();
                    break;
                default:
                    lines.AddUnreadable(text);
                    break;
            }
        }
        // The second: half of a surrogate pair.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            lines.GoBack(mark);
            lines.AddUnreadable(text);
        }
    }

    // Reads it to its end, so that what is broken anywhere is known before anything is added.
    static Kind KindOf(ReadOnlySpan<byte> text)
    {
        var json = new Utf8JsonReader(text, WrappedEvent.Deep);
        var (isData, isAudit, hasEvents, isEvent) = (false, false, false, false);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isType = json.ValueTextEquals("messageType"u8);
            var isStream = json.ValueTextEquals("logStream"u8);
            var isKind = json.ValueTextEquals("kind"u8);
            var isList = json.ValueTextEquals("logEvents"u8);
            json.Read();
            isData |= isType && json.TokenType == JsonTokenType.String && json.ValueTextEquals("DATA_MESSAGE"u8);
            isAudit |= isStream && json.TokenType == JsonTokenType.String && json.ValueSpan.StartsWith(AuditStream);
            isEvent |= isKind && json.TokenType == JsonTokenType.String && json.ValueTextEquals("Event"u8);
            hasEvents |= isList && json.TokenType == JsonTokenType.StartArray;
            json.Skip();
        }

        return hasEvents ? (isData && isAudit ? Kind.Events : Kind.Other) : isEvent ? Kind.Event : Kind.Unknown;
    }

    static void AddEvents(ReadOnlySpan<byte> text, FeedLines lines)
    {
        var json = new Utf8JsonReader(text, WrappedEvent.Deep);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isList = json.ValueTextEquals("logEvents"u8);
            json.Read();
            if (isList && json.TokenType == JsonTokenType.StartArray)
            {
                while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                    AddEvent(ref json, text, lines);
            }
            else
            {
                json.Skip();
            }
        }
    }

    static void AddEvent(ref Utf8JsonReader json, ReadOnlySpan<byte> text, FeedLines lines)
    {
        var start = (int)json.TokenStartIndex;
        Utf8JsonReader message = default;
        DateTimeOffset? at = null;
        if (json.TokenType == JsonTokenType.StartObject)
        {
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isMessage = json.ValueTextEquals("message"u8);
                var isTime = json.ValueTextEquals("timestamp"u8);
                json.Read();
                if (isMessage)
                    message = json;
                if (isTime)
                    at = Time(json);
                json.Skip();
            }
        }
        else
        {
            json.Skip();
        }

        WrappedEvent.Add(message, text[start..(int)json.BytesConsumed], at, lines);
    }

    static DateTimeOffset? Time(in Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var milliseconds)
            && milliseconds >= 0 && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;

    enum Kind
    {
        Unknown,
        Events,
        Event,
        Other,
    }
}
