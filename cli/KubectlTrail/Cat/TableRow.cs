using System.Text.Json;
using ClusterTrail.Kubectl.Reading;
using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Cat;

/// <summary>What the table shows of a record, safe for a terminal.</summary>
/// <param name="Cells">One for each of <see cref="Headings"/>.</param>
/// <param name="Failed">Whether the request was refused or failed, or a finding is grave.</param>
sealed record TableRow(IReadOnlyList<string> Cells, bool Failed)
{
    const string Unknown = "-";

    internal static IReadOnlyList<string> Headings { get; } = ["TIME", "USER", "ACTION", "OBJECT", "SOURCE", "RESULT"];

    /// <summary>Null where it is not a JSON object.</summary>
    internal static TableRow? TryRead(ReadOnlyMemory<byte> record)
    {
        try
        {
            using var json = JsonDocument.Parse(record, new JsonDocumentOptions { MaxDepth = Records.MaxJsonDepth });
            return json.RootElement.ValueKind == JsonValueKind.Object ? Of(json.RootElement) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static TableRow Of(JsonElement record)
    {
        string?[] cells =
        [
            Text(record, "eventTime"),
            User(record),
            Action(record),
            Object(record),
            Text(record, "sourceIPAddress"),
            Result(record),
        ];
        var safe = cells.Select(cell => string.IsNullOrEmpty(cell) ? Unknown : Printable.Escape(cell));
        return new(
            [.. safe], Failed: Text(record, "errorCode") is not null || Text(record, "insightDetails", "severity") is "high" or "critical");
    }

    // A finding stands beside the event that made it fire, and is none itself.
    static string? Action(JsonElement record)
    {
        var (name, category) = (Text(record, "eventName"), Text(record, "eventCategory"));
        return category == "Insight" ? $"finding: {name ?? Unknown}" : name ?? category;
    }

    static string? User(JsonElement record)
    {
        var user = Text(record, "userIdentity", "userName");
        return Text(record, "userIdentity", "actingAs") is { } other ? $"{user ?? Unknown} as {other}" : user;
    }

    static string? Object(JsonElement record)
    {
        var name = Text(record, "event", "objectRef", "name") ?? Text(record, "objectRef", "name");
        return (Text(record, "event", "objectRef", "namespace") ?? Text(record, "objectRef", "namespace")) is { } itsNamespace
            ? $"{itsNamespace}/{name}"
            : name;
    }

    static string? Result(JsonElement record) => Text(record, "insightDetails", "rule") is { } rule
        ? $"{Text(record, "insightDetails", "severity")}: {rule}"
        : Text(record, "errorCode") ?? Text(record, "event", "responseStatus", "code");

    static string? Text(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return null;
        }
        return element.ValueKind switch
        {
            JsonValueKind.String => Unescaped(element),
            JsonValueKind.Number => element.GetRawText(),
            _ => null,
        };
    }

    /// <summary>JSON can spell half a character, which no string can hold; then it is shown as it is spelled.</summary>
    static string Unescaped(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return text.GetRawText();
        }
    }
}
