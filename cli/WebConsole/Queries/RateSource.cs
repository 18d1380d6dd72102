namespace ClusterTrail.WebConsole.Queries;

/// <summary>Whose events an agent sees: those of the API server of a node, for a Trail.</summary>
sealed record RateSource(string Cluster, string Trail, string Node)
{
    const int Most = 50;

    // A request counts once, as agents count it.
    internal const string Counted = "category IN ('Management', 'Data') AND stage IN ('ResponseComplete', 'Panic')";

    /// <summary>Those that recorded something, the one with most first.</summary>
    internal static IReadOnlyList<RateSource> All(EventQuestions events, CancellationToken cancellationToken) =>
    [
        .. events.Ask(
            $"""
            SELECT cluster, trail, node FROM events
            WHERE {Counted} AND length(cluster) <= {ShownText.Most} AND length(trail) <= {ShownText.Most} AND length(node) <= {ShownText.Most}
            GROUP BY cluster, trail, node ORDER BY count(*) DESC, cluster, trail, node LIMIT {Most}
            """,
            cancellationToken).Select(row => new RateSource(row.Text("cluster")!, row.Text("trail")!, row.Text("node")!)),
    ];

    internal Conditions Conditions() => Place().Add(Counted);

    /// <summary>Where its records are from, whatever they are.</summary>
    internal Conditions Place() => new Conditions().Add("cluster = {0}", Cluster).Add("trail = {0}", Trail).Add("node = {0}", Node);
}
