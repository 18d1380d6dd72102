using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ClusterTrail.Agent.Sources.Feeds;

/// <summary>Takes events of AKS out of what its diagnostic settings send to an event hub.</summary>
/// <remarks><c>{"records":[{"time":…,"category":"kube-audit","properties":{"log":"…"}}]}</c></remarks>
static class AksRecords
{
    public static void Unwrap(ReadOnlySpan<byte> text, FeedLines lines)
    {
        var mark = lines.Mark();
        try
        {
            if (!TryAdd(text, lines))
            {
                lines.GoBack(mark);
                lines.AddUnreadable(text);
            }
        }
        // The second: half of a surrogate pair.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            lines.GoBack(mark);
            lines.AddUnreadable(text);
        }
    }

    static bool TryAdd(ReadOnlySpan<byte> text, FeedLines lines)
    {
        var json = new Utf8JsonReader(text, WrappedEvent.Deep);
        var hasRecords = false;
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isRecords = json.ValueTextEquals("records"u8);
            json.Read();
            if (isRecords && json.TokenType == JsonTokenType.StartArray)
            {
                hasRecords = true;
                while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                    AddRecord(ref json, text, lines);
            }
            else
            {
                json.Skip();
            }
        }

        return hasRecords;
    }

    static void AddRecord(ref Utf8JsonReader json, ReadOnlySpan<byte> text, FeedLines lines)
    {
        var start = (int)json.TokenStartIndex;
        var isAudit = false;
        Utf8JsonReader log = default;
        DateTimeOffset? at = null;
        if (json.TokenType == JsonTokenType.StartObject)
        {
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isCategory = json.ValueTextEquals("category"u8);
                var isTime = json.ValueTextEquals("time"u8);
                var isProperties = json.ValueTextEquals("properties"u8);
                json.Read();
                isAudit |= isCategory && json.TokenType == JsonTokenType.String
                    && (json.ValueTextEquals("kube-audit"u8) || json.ValueTextEquals("kube-audit-admin"u8));
                at = isTime ? Time(json) : at;
                if (isProperties && json.TokenType == JsonTokenType.StartObject)
                    log = Log(ref json);
                else
                    json.Skip();
            }
        }
        else
        {
            json.Skip();
        }

        if (isAudit)
            WrappedEvent.Add(log, text[start..(int)json.BytesConsumed], at, lines);
        else
            lines.NoteOther();
    }

    static Utf8JsonReader Log(scoped ref Utf8JsonReader json)
    {
        Utf8JsonReader log = default;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isLog = json.ValueTextEquals("log"u8);
            json.Read();
            if (isLog)
                log = json;
            json.Skip();
        }

        return log;
    }

    static DateTimeOffset? Time(in Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String && json.ValueSpan.Length <= 64
            && DateTimeOffset.TryParse(
                Encoding.UTF8.GetString(json.ValueSpan), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time : null;
}
