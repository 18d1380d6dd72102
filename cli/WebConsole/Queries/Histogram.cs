namespace ClusterTrail.WebConsole.Queries;

/// <summary>How many records there are over time.</summary>
/// <param name="Slices">The time.</param>
/// <param name="Counts">One for each slice.</param>
/// <param name="Total">All records, also those without a time.</param>
sealed record Histogram(TimeSlices Slices, IReadOnlyList<SliceCount> Counts, long Total)
{
    /// <summary>Over the time that the filter asks for, as far as there are records.</summary>
    /// <param name="asked">The conditions of the filter, and more.</param>
    internal static Histogram Read(
        EventQuestions events, EventFilter filter, Func<Conditions> asked, ArchiveExtent extent,
        CancellationToken cancellationToken)
    {
        var since = Later(filter.Since, extent.First) ?? DateTime.UnixEpoch;
        var until = Earlier(filter.Until, extent.Last?.AddTicks(TimeSpan.TicksPerMillisecond)) ?? since;
        var slices = TimeSlices.Of(since, until > since ? until : since.AddTicks(TimeSpan.TicksPerSecond));
        var conditions = asked();
        var microseconds = slices.Width.Ticks / TimeSpan.TicksPerMicrosecond;
        var from = conditions.Parameter(slices.From);
        var rows = events.Ask(
            $"""
            SELECT (epoch_us(time) - epoch_us({from}::TIMESTAMPTZ)) // {microseconds} AS slice, count(*) AS all_of_it,
                count(*) FILTER (reason IS NOT NULL AND category IN ('Management', 'Data')) AS failed,
                count(*) FILTER (category = 'Insight') AS findings
            FROM events WHERE {conditions.Sql} GROUP BY slice
            """,
            conditions.Values, cancellationToken);
        var counts = new SliceCount[slices.Count];
        foreach (var row in rows.Where(row => row["slice"] is not null))
        {
            if (row.Number("slice") is >= 0 and var at && at < counts.Length)
                counts[at] = new(row.Number("all_of_it"), row.Number("failed"), row.Number("findings"));
        }

        return new(slices, counts, rows.Sum(row => row.Number("all_of_it")));
    }

    static DateTime? Later(DateTime? one, DateTime? other) => one > other || other is null ? one : other;

    static DateTime? Earlier(DateTime? one, DateTime? other) => one < other || other is null ? one : other;
}
