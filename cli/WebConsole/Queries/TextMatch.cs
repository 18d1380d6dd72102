namespace ClusterTrail.WebConsole.Queries;

/// <summary>Compares columns with a text in which each <c>*</c> stands for any other text.</summary>
static class TextMatch
{
    /// <summary>Any of the columns is the text, or fits it.</summary>
    /// <param name="columns">As SQL writes them.</param>
    internal static void Add(Conditions conditions, string text, params IEnumerable<string> columns)
    {
        var isPattern = text.Contains('*', StringComparison.Ordinal);
        var test = isPattern ? "LIKE {0} ESCAPE '\\'" : "= {0}";
        conditions.Add(string.Join(" OR ", columns.Select(column => $"{column} {test}")), isPattern ? Pattern(text) : text);
    }

    static string Pattern(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("%", "\\%", StringComparison.Ordinal)
        .Replace("_", "\\_", StringComparison.Ordinal)
        .Replace('*', '%');
}
