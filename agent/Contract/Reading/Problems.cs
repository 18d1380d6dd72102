using System.Text.Json;

namespace ClusterTrail.Contract.Reading;

/// <summary>All that is wrong with one configuration, a sentence each.</summary>
sealed class Problems
{
    const int LongestValue = 120;

    readonly List<Problem> found = [];

    public IReadOnlyList<Problem> Found => found;

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
        AddText(field, $"is {(text.Length > LongestValue ? text[..LongestValue] + "…" : text)}; allowed: {allowed}.");
    }

    /// <summary>The text continues the sentence that begins with the field.</summary>
    public void AddText(string field, string text) => found.Add(new(OneLine(field), OneLine(text)));

    public void CheckRange(string field, long value, long least, long most)
    {
        if (value < least || value > most)
        {
            Add(field, value, $"a whole number from {least} to {most}");
        }
    }

    public void ThrowIfAny(string file)
    {
        if (found.Count > 0)
        {
            throw new ConfigurationException(string.Join('\n', found.Select(problem => $"{OneLine(file)}: {problem}")));
        }
    }

    static string Describe(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => json.ValueEquals("") ? "empty" : $"\"{json.GetString()}\"",
        _ => json.GetRawText(),
    };

    /// <summary>Shows control characters as escapes: a value with line breaks would look like several sentences.</summary>
    public static string OneLine(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(one => char.IsControl(one) ? $"\\u{(int)one:x4}" : $"{one}")) : text;
}
