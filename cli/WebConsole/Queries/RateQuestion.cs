using ClusterTrail.Rules.Insights;

namespace ClusterTrail.WebConsole.Queries;

/// <summary>Counts the calls of a subject by minute, and judges them as an agent does.</summary>
static class RateQuestion
{
    internal const int MostSubjects = 20;

    /// <summary>The rate over all of the time that was read, so that what is usual is known as well as it can be.</summary>
    internal static SubjectRates Read(
        EventQuestions events, RateSource source, RateSubject subject, RateMeasure measure, CancellationToken cancellationToken)
    {
        var (conditions, rates) = (source.Conditions(), new SubjectRates(subject) { Measure = measure });
        var its = Its(conditions, subject);
        var rows = events.Ask(
            $"""
            SELECT epoch_us(time) // 60000000 AS minute, count(*) FILTER ({its}) AS calls, count(*) FILTER ({its} AND status >= 400) AS errors
            FROM events WHERE {conditions.Sql} GROUP BY minute ORDER BY minute
            """,
            conditions.Values, cancellationToken);
        var epoch = Minute.Of(DateTimeOffset.UnixEpoch).Number;
        foreach (var row in rows)
            rates.Take(new(epoch + row.Number("minute")), (int)row.Number("calls"), (int)row.Number("errors"));
        return rates;
    }

    /// <summary>The users and the kinds of calls with the most calls.</summary>
    internal static IReadOnlyList<(RateSubject Subject, long Calls)> Busiest(
        EventQuestions events, RateSource source, CancellationToken cancellationToken)
    {
        var conditions = source.Conditions();
        var users = events.Ask(
            $"""
            SELECT "user", count(*) AS calls FROM events
            WHERE {conditions.Sql} AND "user" IS NOT NULL AND length("user") <= {ShownText.Most}
            GROUP BY "user" ORDER BY calls DESC, "user" LIMIT {MostSubjects}
            """,
            conditions.Values, cancellationToken);
        var kinds = events.Ask(
            $"""
            SELECT verb, "group", resource, count(*) AS calls FROM events
            WHERE {conditions.Sql} AND verb IS NOT NULL AND length(concat_ws(' ', verb, "group", resource)) <= {ShownText.Most}
            GROUP BY verb, "group", resource ORDER BY calls DESC, verb, "group", resource LIMIT {MostSubjects}
            """,
            conditions.Values, cancellationToken);
        return
        [
            .. users.Select(row => (new RateSubject(row.Text("user"), null, null, null), row.Number("calls"))),
            .. kinds.Select(row => (
                new RateSubject(null, row.Text("verb"), row.Text("group") ?? "", row.Text("resource") ?? ""), row.Number("calls"))),
        ];
    }

    /// <summary>How many events have no records: there is only the number of them.</summary>
    /// <param name="source">Null for those of all.</param>
    internal static long OnlyCounted(EventQuestions events, RateSource? source, CancellationToken cancellationToken)
    {
        var conditions = (source?.Place() ?? new()).Add("category = 'Aggregate'");
        var sql = $"SELECT coalesce(sum(count), 0)::BIGINT AS counted FROM events WHERE {conditions.Sql}";
        return events.Ask(sql, conditions.Values, cancellationToken)[0].Number("counted");
    }

    static string Its(Conditions conditions, RateSubject subject) => subject.User is { } user
        ? $"\"user\" = {conditions.Parameter(user)}"
        : $"verb = {conditions.Parameter(subject.Verb ?? "")} AND coalesce(\"group\", '') = {conditions.Parameter(subject.ApiGroup ?? "")} "
            + $"AND coalesce(resource, '') = {conditions.Parameter(subject.Resource ?? "")}";
}
