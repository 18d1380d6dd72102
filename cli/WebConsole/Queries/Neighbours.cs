namespace ClusterTrail.WebConsole.Queries;

/// <summary>What happened around a record.</summary>
/// <param name="Around">The nearest records of the same user, address or object, in the order of time, and this one.</param>
/// <param name="ByUser">How many the user has in that time.</param>
/// <param name="ByAddress">How many the address has.</param>
/// <param name="OnObject">How many are about the object.</param>
sealed record Neighbours(IReadOnlyList<EventRow> Around, long ByUser, long ByAddress, long OnObject)
{
    const int Most = 20;

    static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    /// <summary>How much later than one of its events a finding can be: a rule counts for an hour at most.</summary>
    internal static TimeSpan LongestBurst { get; } = TimeSpan.FromMinutes(65);

    /// <summary>Before and after.</summary>
    internal static TimeSpan Window { get; } = TimeSpan.FromMinutes(5);

    internal static Neighbours Read(EventQuestions events, EventRow row, CancellationToken cancellationToken)
    {
        if (row.Time is not { } time)
            return new([], 0, 0, 0);
        var conditions = new Conditions();
        conditions.Add("time >= {0} AND time <= {1}", time - Window, time + Window);
        var (user, address) = (Same(conditions, "\"user\"", row.User), Same(conditions, "source_ip", row.Address));
        var named = OfObject(conditions, row.Object);
        var at = conditions.Parameter(time);
        var counts = events.Ask(
            $"""
            SELECT count(*) FILTER ({user}) AS users, count(*) FILTER ({address}) AS addresses, count(*) FILTER ({named}) AS objects
            FROM events WHERE {conditions.Sql}
            """,
            conditions.Values, cancellationToken)[0];
        var rows = events.Ask(
            $"""
            SELECT {EventRow.Columns} FROM events WHERE {conditions.Sql} AND ({user} OR {address} OR {named})
            ORDER BY abs(epoch_us(time) - epoch_us({at}::TIMESTAMPTZ)), id LIMIT {Most}
            """,
            conditions.Values, cancellationToken);
        return new(
            [.. rows.Select(EventRow.Of).OrderBy(other => other.Time).ThenBy(other => other.Id.Text, StringComparer.Ordinal)],
            counts.Number("users"), counts.Number("addresses"), counts.Number("objects"));
    }

    /// <summary>The findings about a record, and the processes that it started.</summary>
    internal static IReadOnlyList<EventRow> Consequences(EventQuestions events, EventRow row, CancellationToken cancellationToken)
    {
        if (row.Id.Whole is not { Length: > 0 } id)
            return [];
        var conditions = new Conditions();
        var its = conditions.Parameter(id);
        var started = row.Object.Subresource.Text is "exec" or "attach" or "ephemeralcontainers" && row.Time is { } time
            ? $" OR (category = 'Workload' AND time >= {conditions.Parameter(time.AddMinutes(-1))} AND contains(record::VARCHAR, {its}))"
            : "";
        var within = row.Time is { } at
            ? $" AND time >= {conditions.Parameter(at - Slack)} AND time <= {conditions.Parameter(at + LongestBurst)}"
            : "";
        return
        [
            .. events.Ask(
                $"""
                SELECT {EventRow.Columns} FROM events
                WHERE (category = 'Insight'{within} AND CASE WHEN json_valid(record)
                    THEN list_contains(json_extract_string(record, '$.insightDetails.eventIDs[*]'), {its})
                    ELSE contains(record::VARCHAR, {its}) END){started}
                ORDER BY time, id LIMIT 100
                """,
                conditions.Values, cancellationToken).Select(EventRow.Of),
        ];
    }

    static string Same(Conditions conditions, string column, ShownText value) =>
        value.Whole is { Length: > 0 } whole ? $"{column} = {conditions.Parameter(whole)}" : "false";

    static string OfObject(Conditions conditions, ObjectName name) => name.IsOne
        ? $"(resource = {conditions.Parameter(name.Resource.Text!)} AND name = {conditions.Parameter(name.Name.Text!)}"
            + $" AND namespace IS NOT DISTINCT FROM {Or(conditions, name.Namespace)}"
            + $" AND \"group\" IS NOT DISTINCT FROM {Or(conditions, name.Group)})"
        : "false";

    static string Or(Conditions conditions, ShownText text) => text.Text is { } whole ? conditions.Parameter(whole) : "NULL";
}
