using System.Text.Json;

namespace ClusterTrail.Contract.Reading;

/// <summary>All that is wrong with one file, a sentence each.</summary>
sealed class Problems(string file)
{
    const int LongestValue = 120;

    readonly List<string> sentences = [];

    public void Add(string field, object? value, string allowed)
    {
        var text = value switch
        {
            null => "missing",
            "" => "empty",
            string or Enum => $"\"{value}\"",
            JsonElement json => Describe(json),
            IReadOnlyCollection<object> { Count: 0 } => "an empty list",
            IReadOnlyCollection<object> list => $"{list.Count} values",
            _ => $"{value}",
        };
        AddSentence($"{field} is {(text.Length > LongestValue ? text[..LongestValue] + "…" : text)}; allowed: {allowed}.");
    }

    public void AddSentence(string sentence) => sentences.Add(OneLine($"{file}: {sentence}"));

    public void ThrowIfAny()
    {
        if (sentences.Count > 0)
        {
            throw new ConfigurationException(string.Join('\n', sentences));
        }
    }

    static string Describe(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => json.ValueEquals("") ? "empty" : $"\"{json.GetString()}\"",
        _ => json.GetRawText(),
    };

    // A value with line breaks would look like several sentences.
    static string OneLine(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(one => char.IsControl(one) ? $"\\u{(int)one:x4}" : $"{one}")) : text;
}
