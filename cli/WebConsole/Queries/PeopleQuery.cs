namespace ClusterTrail.WebConsole.Queries;

/// <summary>Who did something, in numbers.</summary>
static class PeopleQuery
{
    internal const int Most = 200;

    /// <summary>What counts as reading the content of Secrets.</summary>
    internal const string ReadsSecrets =
        "resource = 'secrets' AND verb IN ('get', 'list', 'watch') AND category <> 'Insight' AND reason IS NULL";

    internal const string People = "people", Machines = "machines", Everyone = "all";

    /// <summary>Those who did something last, first.</summary>
    internal static IReadOnlyList<AnswerRow> Read(
        EventQuestions events, Conditions conditions, CancellationToken cancellationToken) => events.Ask(
        $"""
        SELECT left("user", {ShownText.Most + 1}) AS "user", count(*) AS records, count(DISTINCT source_ip) AS addresses,
            count(*) FILTER ({ReadsSecrets}) AS secrets, count(*) FILTER (impersonated IS NOT NULL) AS impersonations,
            count(*) FILTER (category = 'Insight') AS findings, min(time) AS first, max(time) AS last, count(*) OVER () AS users
        FROM events WHERE {conditions.Sql} AND "user" IS NOT NULL GROUP BY events."user" ORDER BY last DESC NULLS LAST, "user" LIMIT {Most}
        """,
        conditions.Values, cancellationToken);

    /// <exception cref="QuestionException">There is no such kind.</exception>
    internal static void AddKind(Conditions conditions, string kind)
    {
        const string machine = "starts_with(\"user\", 'system:') AND \"user\" <> 'system:anonymous' AND \"user\" <> 'system:admin'";
        if (kind == People)
            conditions.Add($"NOT ({machine})");
        else if (kind == Machines)
            conditions.Add(machine);
        else if (kind != Everyone)
            throw new QuestionException($"kind {kind} is not known; give {People}, {Machines} or {Everyone}.");
    }
}
