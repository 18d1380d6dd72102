namespace ClusterTrail.WebConsole.Queries;

/// <summary>Some records of a list, the newest first, and where it goes on.</summary>
/// <param name="Rows">The records.</param>
/// <param name="Older">After the last of them; null if there is nothing older.</param>
/// <param name="Newer">Before the first of them; null if there is nothing newer.</param>
/// <param name="NotShown">How many more have the time and the id of the last.</param>
sealed record EventPage(IReadOnlyList<EventRow> Rows, Cursor? Older, Cursor? Newer, long NotShown)
{
    internal const int Size = 100;

    // One event has a record in each Trail, with the same id; an archive of somebody else's may have no ids at all.
    const int MostOfOnePlace = 1000;

    /// <summary>By keys, so that a page costs the same wherever it is in the list.</summary>
    /// <param name="older">From there on to older records.</param>
    /// <param name="newer">From there on to newer records.</param>
    internal static EventPage Read(
        EventQuestions events, Func<Conditions> filter, Cursor? older, Cursor? newer, CancellationToken cancellationToken)
    {
        var conditions = filter();
        older?.AddOlder(conditions);
        if (older is null)
            newer?.AddNewer(conditions);
        var goesUp = older is null && newer is not null;
        var order = goesUp ? Cursor.OldestFirst : Cursor.NewestFirst;
        AddBound(events, conditions, goesUp, cancellationToken);
        List<AnswerRow> rows = [.. Ask(events, conditions, order, Size + 1, cancellationToken)];
        var (hasMore, notShown) = rows.Count > Size ? EndBetweenPlaces(events, filter, rows, goesUp, cancellationToken) : (false, 0);
        if (goesUp)
            rows.Reverse();
        return new(
            [.. rows.Select(EventRow.Of)],
            rows.Count > 0 && (hasMore || goesUp) ? PlaceOf(rows[^1]) : null,
            rows.Count > 0 && (goesUp ? hasMore : older is not null) ? PlaceOf(rows[0]) : null,
            notShown);
    }

    // Up to when the page can reach, of the times alone: then all columns are read of that time only.
    static void AddBound(EventQuestions events, Conditions conditions, bool goesUp, CancellationToken cancellationToken)
    {
        var order = goesUp ? "time ASC NULLS FIRST" : "time DESC NULLS LAST";
        var bound = events.Ask(
            $"""
            SELECT count(*) AS n, count(time) AS timed, {(goesUp ? "max" : "min")}(time) AS bound
            FROM (SELECT time FROM events WHERE {conditions.Sql} ORDER BY {order} LIMIT {Size + 1})
            """,
            conditions.Values, cancellationToken)[0];
        if (bound.Number("n") > Size && bound.Time("bound") is { } time && (goesUp || bound.Number("timed") > Size))
            conditions.Add(goesUp ? "time <= {0} OR time IS NULL" : "time >= {0}", time);
    }

    // A page ends between places, never within one: what is after a place would be lost with it.
    static (bool HasMore, long NotShown) EndBetweenPlaces(
        EventQuestions events, Func<Conditions> filter, List<AnswerRow> rows, bool goesUp, CancellationToken cancellationToken)
    {
        var (last, next) = (PlaceOf(rows[^2]), PlaceOf(rows[^1]));
        rows.RemoveAt(rows.Count - 1);
        if (last != next)
            return (true, 0);
        rows.RemoveAll(row => PlaceOf(row) == last);
        var (same, beyond) = (filter(), filter());
        last.AddSame(same);
        if (goesUp)
            last.AddNewer(beyond);
        else
            last.AddOlder(beyond);
        rows.AddRange(Ask(events, same, Cursor.NewestFirst, MostOfOnePlace, cancellationToken));
        var all = events.Ask($"SELECT count(*) AS n FROM events WHERE {same.Sql}", same.Values, cancellationToken)[0].Number("n");
        return (Ask(events, beyond, Cursor.NewestFirst, 1, cancellationToken).Count > 0, Math.Max(0, all - MostOfOnePlace));
    }

    static IReadOnlyList<AnswerRow> Ask(
        EventQuestions events, Conditions conditions, string order, int limit, CancellationToken cancellationToken) => events.Ask(
        $"SELECT {EventRow.Columns}, {Cursor.Place} AS place FROM events WHERE {conditions.Sql} ORDER BY {order} LIMIT {limit}",
        conditions.Values, cancellationToken);

    static Cursor PlaceOf(AnswerRow row) => new(row.Time("time"), row.Text("place")!);
}
