using ClusterTrail.WebConsole.Html;
using ClusterTrail.WebConsole.Queries;
using ClusterTrail.WebConsole.Sources;

namespace ClusterTrail.WebConsole.Pages;

/// <summary>Findings by rule, and over time.</summary>
sealed class FindingsPage(ConsoleArchive archive) : IPage
{
    const string RuleName = "rule", SeverityName = "severity", AnySeverity = "any";
    const int Most = 300;

    public string Path => "/findings";

    public string? Section => Path;

    public IReadOnlyCollection<string> Parameters { get; } =
        [RuleName, SeverityName, EventFilter.SinceName, EventFilter.UntilName, .. EventListing.Parameters];

    public Task<Page> ShowAsync(IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        var (rule, severity) = (parameters.GetValueOrDefault(RuleName), parameters.GetValueOrDefault(SeverityName, AnySeverity));
        var time = EventFilter.OfTime(parameters);
        var filter = time.With("category", "Insight");
        filter = rule is null ? filter : filter.With(RuleName, rule);
        filter = severity == AnySeverity ? filter : filter.With(SeverityName, severity);
        var page = new Address(Path).With(RuleName, rule).With(SeverityName, severity == AnySeverity ? null : severity)
            .With(EventFilter.SinceName, time.Since).With(EventFilter.UntilName, time.Until);
        return Task.FromResult(new Page("Findings", Markup.Of(
        [
            Form(rule, severity, time), Rules(filter, page, cancellationToken),
            Tags.Heading("Over time"),
            new EventListing(archive).Show(filter, page, new(Path), parameters, null, cancellationToken),
        ])));
    }

    Element Form(string? rule, string severity, EventFilter time) => SmallForm.Of(Path, "Filter of findings",
    [
        SmallForm.Input(RuleName, "Rule", "pod-exec", rule),
        SmallForm.Choice(
            SeverityName, "Severity", severity,
            (AnySeverity, "Any"), ("critical", "Critical"), ("high", "High"), ("medium", "Medium"), ("low", "Low"), ("info", "Info")),
        .. SmallForm.Times(time),
    ]);

    Element Rules(EventFilter filter, Address page, CancellationToken cancellationToken)
    {
        var conditions = filter.Conditions(archive.Events, cancellationToken);
        var rows = archive.Events.Ask(
            $"""
            SELECT {ShownText.Sql("rule")}, {ShownText.Sql("severity")}, count(*) AS findings, count(DISTINCT "user") AS users,
                min(time) AS first, max(time) AS last
            FROM events WHERE {conditions.Sql} GROUP BY events.rule, events.severity
            ORDER BY CASE severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3 ELSE 4 END,
                findings DESC, rule
            LIMIT {Most}
            """,
            conditions.Values, cancellationToken);
        var descriptions = Descriptions(rows, cancellationToken);
        return rows.Count == 0
            ? Tags.Paragraph("No rule fired in this time. Which rules a Trail evaluates, kubectl trail detections list shows.")
            : DataTable.Of(
                "Rules that fired, the most severe first", ["Rule", "Severity", "Findings", "Users", "First", "Last"],
                rows.Select(row => (IReadOnlyList<Markup>)
                [
                    Rule(row, page, descriptions), RecordTable.Severity(ShownText.Of(row.Text("severity"))),
                    Tags.Count(row.Number("findings")), Tags.Count(row.Number("users")), Tags.Time(row.Time("first")), Tags.Time(row.Time("last")),
                ]));
    }

    // Of the last finding of each rule, so that few records are read. What DuckDB takes for no JSON has none.
    Dictionary<string, string> Descriptions(IReadOnlyList<AnswerRow> rules, CancellationToken cancellationToken)
    {
        var times = rules.Select(row => row.Time("last")).OfType<DateTime>().Distinct().ToList();
        if (times.Count == 0)
            return [];
        var conditions = new Conditions();
        conditions.Add(string.Join(" OR ", times.Select((_, at) => $"time = {{{at}}}")), [.. times.Cast<object>()]);
        return archive.Events.Ask(
            $"""
            SELECT {ShownText.Sql("rule")}, left(any_value(
                CASE WHEN json_valid(record) THEN json_extract_string(record, '$.insightDetails.description') END),
                {ShownText.Most + 1}) AS description
            FROM events WHERE category = 'Insight' AND {conditions.Sql} GROUP BY events.rule
            """,
            conditions.Values, cancellationToken)
            .Where(row => row.Text("rule") is not null)
            .ToDictionary(row => row.Text("rule")!, row => row.Text("description") ?? "");
    }

    static Markup Rule(AnswerRow row, Address page, Dictionary<string, string> descriptions)
    {
        var rule = ShownText.Of(row.Text("rule"));
        var description = descriptions.GetValueOrDefault(row.Text("rule") ?? "");
        return Markup.Of(
        [
            rule.Whole is { Length: > 0 } whole ? Tags.Link($"{page.With(RuleName, whole)}", whole) : $"{rule}",
            new Element("div", $"{ShownText.Of(description)}").Class("quiet"),
        ]);
    }
}
