using System.Text;
using System.Text.Json;

namespace ClusterTrail.WebConsole.Html;

/// <summary>JSON in lines for people. Each value is spelled as it is stored: escapes stay escapes.</summary>
sealed class JsonLines
{
    const int Deepest = 60;

    readonly List<Markup> parts = [];

    /// <summary>Of a text that was cut, or is none, what is not understood stands at the end as it is.</summary>
    internal static Element Of(string json)
    {
        var lines = new JsonLines();
        var bytes = Encoding.UTF8.GetBytes(json);
        lines.parts.Add(Encoding.UTF8.GetString(bytes.AsSpan(lines.Read(bytes))));
        return new Element("pre", lines.parts).With("tabindex", "0").With("aria-label", "The record as it is stored");
    }

    // How far it got.
    int Read(byte[] bytes)
    {
        var reader = new Utf8JsonReader(bytes, isFinalBlock: false, new(new() { MaxDepth = 20_000 }));
        var isFirst = true;
        try
        {
            while (reader.Read())
            {
                Add(ref reader, isFirst);
                isFirst = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.PropertyName;
            }
        }
        catch (JsonException)
        {
        }

        return (int)reader.BytesConsumed;
    }

    void Add(ref Utf8JsonReader reader, bool isFirst)
    {
        var isEnd = reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray;
        var isAfterName = parts.Count > 0 && parts[^1] is Markup.Characters { Text: ": " };
        if (!isEnd && !isFirst)
            parts.Add(",");
        if (parts.Count > 0 && !isAfterName && !(isEnd && isFirst))
        {
            parts.Add(Markup.LineBreak);
            parts.Add(new string(' ', 2 * Math.Min(reader.CurrentDepth, Deepest)));
        }

        var spelled = Encoding.UTF8.GetString(reader.ValueSpan);
        parts.Add(reader.TokenType switch
        {
            JsonTokenType.PropertyName => new Element("span", $"\"{spelled}\"").Class("member"),
            JsonTokenType.String => $"\"{spelled}\"",
            _ => spelled,
        });
        if (reader.TokenType == JsonTokenType.PropertyName)
            parts.Add(": ");
    }
}
