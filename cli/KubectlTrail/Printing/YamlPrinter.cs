using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Contract.Yaml;
using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Printing;

/// <summary>A YAML document for each record, for people who read one of them.</summary>
sealed class YamlPrinter(Stream output) : IRecordPrinter
{
    // Twice as deep as agents write.
    const int MaxDepth = 1024;

    public bool TryPrint(ReadOnlyMemory<byte> record)
    {
        if (Text(record.Span) is not { } text)
            return false;
        output.Write(Encoding.UTF8.GetBytes(Visible(text)));
        return true;
    }

    public void Flush() => output.Flush();

    // What is not ASCII stands between double quotes, where YAML has escapes: the same document, of which nothing is hidden or reordered.
    static string Visible(string text)
    {
        var visible = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == '\n' || Printable.IsHarmless(rune))
                visible.Append(rune);
            else
                visible.AppendFormat(CultureInfo.InvariantCulture, rune.IsBmp ? "\\u{0:x4}" : "\\U{0:x8}", rune.Value);
        }

        return visible.ToString();
    }

    static string? Text(ReadOnlySpan<byte> record)
    {
        try
        {
            var node = JsonNode.Parse(record, documentOptions: new() { MaxDepth = MaxDepth });
            return node is JsonObject ? YamlWriter.Write([node]) : null;
        }
        // At a name that an object has twice, or half a character, which no YAML has.
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
