using ClusterTrail.WebConsole.Html;
using ClusterTrail.WebConsole.Queries;
using ClusterTrail.WebConsole.Sources;

namespace ClusterTrail.WebConsole.Pages;

/// <summary>Everything that happened to one object.</summary>
sealed class ObjectPage(ConsoleArchive archive) : IPage
{
    /// <summary>What is more than reading, as far as a verb tells.</summary>
    internal const string Changes =
        "verb IN ('create', 'update', 'patch', 'delete', 'deletecollection') AND category <> 'Insight' AND reason IS NULL";

    const int Most = 50;

    static readonly string[] Fields = ["group", "resource", "namespace", "name"];

    public string Path => Links.ObjectPath;

    public string? Section => "/objects";

    public IReadOnlyCollection<string> Parameters { get; } =
        [.. Fields, EventFilter.SinceName, EventFilter.UntilName, .. EventListing.Parameters];

    public Task<Page> ShowAsync(IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        if (!parameters.TryGetValue("resource", out var resource) || !parameters.TryGetValue("name", out var name))
            throw new QuestionException("The address names no object; choose one of Objects.");
        var filter = EventFilter.OfTime(parameters);
        var all = Fields.Aggregate(new Address(Path), (address, field) => address.With(field, parameters.GetValueOrDefault(field)));
        var page = all.With(EventFilter.SinceName, filter.Since).With(EventFilter.UntilName, filter.Until);
        var kind = parameters.TryGetValue("group", out var group) ? $"{resource}.{group}" : resource;
        var path = parameters.TryGetValue("namespace", out var its) ? $"{its}/{name}" : name;
        return Task.FromResult(new Page($"{kind} {path}", Markup.Of(
        [
            Who(filter, parameters, cancellationToken),
            Tags.Heading("Everything"),
            new EventListing(archive).Show(filter, page, all, parameters, conditions => Add(conditions, parameters), cancellationToken),
        ])));
    }

    static void Add(Conditions conditions, IReadOnlyDictionary<string, string> parameters)
    {
        foreach (var (name, column) in Fields.Zip((string[])["\"group\"", "resource", "namespace", "name"]))
        {
            if (parameters.TryGetValue(name, out var value))
                conditions.Add($"{column} = {{0}}", value);
            else
                conditions.Add($"{column} IS NULL");
        }
    }

    Markup Who(EventFilter filter, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        var conditions = filter.Conditions(archive.Events, cancellationToken);
        Add(conditions, parameters);
        var rows = archive.Events.Ask(
            $"""
            SELECT {ShownText.Sql("\"user\"")}, count(*) AS records, count(*) FILTER ({Changes}) AS changes,
                count(*) FILTER (verb IN ('get', 'list', 'watch') AND subresource IS NULL AND category <> 'Insight' AND reason IS NULL)
                    AS reads,
                count(*) FILTER (reason IS NOT NULL) AS failed, min(time) AS first, max(time) AS last, count(*) OVER () AS users
            FROM events WHERE {conditions.Sql} AND "user" IS NOT NULL GROUP BY events."user"
            ORDER BY last DESC NULLS LAST, records DESC LIMIT {Most}
            """,
            conditions.Values, cancellationToken);
        return rows.Count == 0 ? Markup.Empty : Markup.Of(
        [
            Tags.Heading("Who"),
            SmallForm.Shown(rows[0].Number("users"), rows.Count),
            DataTable.Of(
                "Who did something with it", ["User", "Reads", "Changes", "Failed", "Records", "First", "Last"],
                rows.Select(row => (IReadOnlyList<Markup>)
                [
                    Links.Person(ShownText.Of(row.Text("user"))), Tags.Count(row.Number("reads")), Tags.Count(row.Number("changes")),
                    Tags.Count(row.Number("failed")), Tags.Count(row.Number("records")), Tags.Time(row.Time("first")),
                    Tags.Time(row.Time("last")),
                ])),
        ]);
    }
}
