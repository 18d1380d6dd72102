using System.Text.RegularExpressions;

namespace ClusterTrail.Kubectl.Tests.Query;

/// <summary>A question of docs/questions.md.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Sql">Its block.</param>
/// <param name="IsForAll">Whether other engines than DuckDB are meant to answer it.</param>
sealed partial record Question(string Title, string Sql, bool IsForAll)
{
    internal static IReadOnlyList<Question> All { get; } =
    [
        .. Block().Matches(File.ReadAllText(Repository.PathOf("docs", "questions.md")).ReplaceLineEndings("\n"))
            .Select(match => new Question(
                match.Groups["title"].Value, match.Groups["sql"].Value.Trim(), !match.Groups["only"].Success)),
    ];

    /// <summary>The title as a file's name.</summary>
    internal string Slug => NoLetters().Replace(Title.ToLowerInvariant(), "-").Trim('-');

    /// <summary>The rows that the records of tests/data/questions give, a JSON object a line.</summary>
    internal string Answer => File.ReadAllText(Repository.PathOf("tests", "data", "questions", "answers", $"{Slug}.ndjson"));

    [GeneratedRegex(
        "^## (?<title>[^\n]+)\n(?:(?!^## |^```sql|^<!-- duckdb).*\n)*(?<only><!-- duckdb only -->\n)?```sql\n(?<sql>(?:(?!^```).*\n)+)```$",
        RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NoLetters();
}
