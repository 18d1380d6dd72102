using ClusterTrail.Lake.Query;

namespace ClusterTrail.Kubectl.Report;

/// <summary>A finding, and whether somebody looked at it.</summary>
/// <param name="By">Who did; null if nobody.</param>
sealed record FindingState(string Id, string? Time, string Severity, string Rule, string? User, string? Object, string? By, string? Note)
{
    internal const string Sql = """
        SELECT id, time, severity, rule, user, concat_ws(' ', verb, resource, concat_ws('/', namespace, name)) AS what
        FROM events WHERE category = 'Insight' AND lower(severity) IN ('critical', 'high') ORDER BY time DESC
        """;

    internal const int Most = 500;

    /// <summary>The grave ones, the newest first.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="open">How many of them nobody looked at.</param>
    internal static IReadOnlyList<FindingState> All(
        EventSession session, Reviewed reviewed, Func<object?, string?> text, out long count, out long open, CancellationToken cancellationToken)
    {
        (count, open) = (0, 0);
        var all = new List<FindingState>();
        using var result = session.Run(Sql, null, cancellationToken);
        foreach (var row in result.Read())
        {
            var cells = row.Select(value => SectionAnswer.Short(text(value))).ToList();
            var state = reviewed.Of(cells[0] ?? "", cells[3] ?? "");
            count++;
            open += state is null ? 1 : 0;
            if (all.Count < Most)
                all.Add(new(cells[0] ?? "", cells[1], cells[2] ?? "", cells[3] ?? "", cells[4], cells[5], state?.By, state?.Note));
        }

        return all;
    }
}
