using ClusterTrail.Lake.Query;

namespace ClusterTrail.Kubectl.Report;

/// <summary>What the query of a section resulted in.</summary>
/// <param name="Rows">The first <see cref="MostRows"/>, as text.</param>
/// <param name="Count">How many there are.</param>
sealed record SectionAnswer(Section Section, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string?>> Rows, long Count)
{
    internal const int MostRows = 500;

    // Of a longer value the beginning is shown: a client may send megabytes.
    const int MostCharacters = 1024;

    internal static SectionAnswer Of(Section section, EventSession session, Func<object?, string?> text, CancellationToken cancellationToken)
    {
        using var result = session.Run(section.Sql, null, cancellationToken);
        var (rows, count) = (new List<IReadOnlyList<string?>>(), 0L);
        foreach (var row in result.Read())
        {
            if (count++ < MostRows)
                rows.Add([.. row.Select(value => Short(text(value)))]);
        }

        return new(section, [.. result.Columns.Select(column => column.Name)], rows, count);
    }

    internal static string? Short(string? text) => text?.Length > MostCharacters
        ? $"{text[..(char.IsHighSurrogate(text[MostCharacters - 1]) ? MostCharacters - 1 : MostCharacters)]}…"
        : text;
}
