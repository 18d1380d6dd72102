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
            _ => $"{value}",
        };
        sentences.Add($"{file}: {field} is {(text.Length > LongestValue ? text[..LongestValue] + "…" : text)}; allowed: {allowed}.");
    }

    public void AddSentence(string sentence) => sentences.Add($"{file}: {sentence}");

    public void ThrowIfAny()
    {
        if (sentences.Count > 0)
        {
            throw new ConfigurationException(string.Join('\n', sentences));
        }
    }
}
