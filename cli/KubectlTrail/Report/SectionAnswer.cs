using ClusterTrail.Lake.Query;

namespace ClusterTrail.Kubectl.Report;

/// <summary>What the query of a section resulted in.</summary>
/// <param name="Rows">The first <see cref="MostRows"/>, as text.</param>
/// <param name="Count">How many there are.</param>
sealed record SectionAnswer(Section Section, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string?>> Rows, long Count)
{
    internal const int MostRows = 500;

    internal static SectionAnswer Of(Section section, EventSession session, Func<object?, string?> text, CancellationToken cancellationToken)
    {
        using var result = session.Run(section.Sql, null, cancellationToken);
        var (rows, count) = (new List<IReadOnlyList<string?>>(), 0L);
        foreach (var row in result.Read())
        {
            if (count++ < MostRows)
                rows.Add([.. row.Select(text)]);
        }

        return new(section, [.. result.Columns.Select(column => column.Name)], rows, count);
    }
}
