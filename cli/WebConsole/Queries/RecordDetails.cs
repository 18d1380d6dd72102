namespace ClusterTrail.WebConsole.Queries;

/// <summary>A record, and what the archive knows about it.</summary>
sealed record RecordDetails
{
    /// <summary>How much of a record is shown, in characters.</summary>
    internal const int MostText = 1 << 20;

    static readonly string[] Texts = ["user_agent", "decision", "level", "stage", "audit_id", "container"];

    internal required EventRow Row { get; init; }

    internal required IReadOnlyDictionary<string, ShownText> More { get; init; }

    internal required IReadOnlyList<string> Groups { get; init; }

    internal required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The record as it is stored, or its beginning.</summary>
    internal required string Text { get; init; }

    internal required long Bytes { get; init; }

    /// <summary>False where a record spells half a character: agents keep what clients sent, and DuckDB takes it for no JSON.</summary>
    internal required bool IsParsed { get; init; }

    /// <summary>Of a finding, what the rule says.</summary>
    internal required ShownText Description { get; init; }

    internal required ShownText Runbook { get; init; }

    /// <summary>The records that a finding is about; the API events that can have started a process.</summary>
    internal required IReadOnlyList<string> Evidence { get; init; }

    /// <summary>How many records have this address.</summary>
    internal required long Alike { get; init; }

    /// <summary>The record of an address, which has its id, Trail and time as far as it has them; null if there is none.</summary>
    internal static RecordDetails? Find(
        EventQuestions events, RecordAddress address, long number, CancellationToken cancellationToken) =>
        address.Near is null
            ? Find(events, address, number, null, cancellationToken)
            : Find(events, address, number, address.Near, cancellationToken) ?? Find(events, address, number, null, cancellationToken);

    static RecordDetails? Find(
        EventQuestions events, RecordAddress address, long number, DateTime? near, CancellationToken cancellationToken)
    {
        var (id, trail, time) = (address.Id, address.Trail, address.Time);
        var conditions = new Conditions();
        if (id is not null)
            conditions.Add("id = {0}", id);
        if (trail is not null)
            conditions.Add("trail = {0}", trail);
        if (time is { } at)
            conditions.Add("time = {0}", at);
        if (near is { } around)
            conditions.Add("time >= {0} AND time <= {1}", around - Neighbours.LongestBurst, around + Neighbours.LongestBurst);
        var counted = events.Ask($"SELECT count(*) AS n FROM events WHERE {conditions.Sql}", conditions.Values, cancellationToken);
        var alike = counted[0].Number("n");
        var rows = number < 1 || number > alike ? [] : events.Ask(
            $"""
            SELECT {EventRow.Columns}, {string.Join(", ", Texts.Select(ShownText.Sql))},
                groups[:100] AS groups, arguments[:100] AS arguments,
                parsed IS NOT NULL AS is_parsed, strlen(record::VARCHAR) AS bytes, left(record::VARCHAR, {MostText}) AS text,
                left(json_extract_string(parsed, '$.insightDetails.description'), {ShownText.Most + 1}) AS description,
                left(json_extract_string(parsed, '$.insightDetails.runbook'), {ShownText.Most + 1}) AS runbook,
                list_distinct(list_concat(
                    json_extract_string(parsed, '$.insightDetails.eventIDs[*]'),
                    json_extract_string(parsed, '$.event.join.apiEvents[*].eventID'),
                    [json_extract_string(parsed, '$.apiEventID')]))[:50] AS evidence
            FROM (SELECT *, CASE WHEN json_valid(record) THEN record END AS parsed FROM events) WHERE {conditions.Sql}
            ORDER BY node, record::VARCHAR LIMIT 1 OFFSET {number - 1}
            """,
            conditions.Values, cancellationToken);
        return rows.Count == 0 ? null : Of(rows[0], alike);
    }

    static RecordDetails Of(AnswerRow row, long alike) => new()
    {
        Row = EventRow.Of(row),
        More = Texts.ToDictionary(name => name, name => ShownText.Of(row.Text(name))),
        Groups = TextsOf(row, "groups"),
        Arguments = TextsOf(row, "arguments"),
        Text = row.Text("text") ?? "",
        Bytes = row.Number("bytes"),
        IsParsed = row.Is("is_parsed"),
        Description = ShownText.Of(row.Text("description")),
        Runbook = ShownText.Of(row.Text("runbook")),
        Evidence = TextsOf(row, "evidence"),
        Alike = alike,
    };

    static IReadOnlyList<string> TextsOf(AnswerRow row, string column) =>
        [.. row.Texts(column).Where(text => text.Length <= ShownText.Most)];
}
