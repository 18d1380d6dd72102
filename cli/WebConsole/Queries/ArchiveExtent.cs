namespace ClusterTrail.WebConsole.Queries;

/// <summary>What there is at all.</summary>
/// <param name="Records">How many records were read.</param>
/// <param name="First">The time of the first of them.</param>
/// <param name="Last">The time of the last.</param>
sealed record ArchiveExtent(long Records, DateTime? First, DateTime? Last)
{
    internal static ArchiveExtent Read(EventQuestions events, CancellationToken cancellationToken)
    {
        var row = events.Ask("SELECT count(*) AS n, min(time) AS first, max(time) AS last FROM events", cancellationToken)[0];
        return new(row.Number("n"), row.Time("first"), row.Time("last"));
    }
}
