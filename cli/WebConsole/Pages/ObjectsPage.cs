using ClusterTrail.WebConsole.Html;
using ClusterTrail.WebConsole.Queries;
using ClusterTrail.WebConsole.Sources;

namespace ClusterTrail.WebConsole.Pages;

/// <summary>Objects to which something happened.</summary>
sealed class ObjectsPage(ConsoleArchive archive) : IPage
{
    const int Most = 200;

    static readonly string[] Fields = ["resource", "namespace", "name"];

    public string Path => "/objects";

    public string? Section => Path;

    public IReadOnlyCollection<string> Parameters { get; } = [.. Fields, EventFilter.SinceName, EventFilter.UntilName];

    public Task<Page> ShowAsync(IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        var filter = EventFilter.Of(parameters);
        var conditions = filter.Conditions(archive.Events, cancellationToken).Add("resource IS NOT NULL AND name IS NOT NULL");
        var rows = archive.Events.Ask(
            $"""
            SELECT {ShownText.Sql("\"group\"")}, {ShownText.Sql("resource")}, NULL AS subresource, {ShownText.Sql("namespace")},
                {ShownText.Sql("name")}, count(*) AS records, count(*) FILTER ({ObjectPage.Changes}) AS changes,
                max(time) AS last,
                count(*) OVER () AS objects
            FROM events WHERE {conditions.Sql}
            GROUP BY events."group", events.resource, events.namespace, events.name ORDER BY last DESC NULLS LAST, name LIMIT {Most}
            """,
            conditions.Values, cancellationToken);
        return Task.FromResult(new Page("Objects", Markup.Of([Form(filter), Table(rows)])));
    }

    Element Form(EventFilter filter) => SmallForm.Of(Path, "Filter of objects",
    [
        .. FilterField.All.Where(field => Fields.Contains(field.Name)).Select(field => SmallForm.Input(field, filter)),
        .. SmallForm.Times(filter),
    ]);

    static Markup Table(IReadOnlyList<AnswerRow> rows) => rows.Count == 0
        ? Tags.Paragraph("No object matches the filter.")
        : Markup.Of(
        [
            SmallForm.Found(rows[0].Number("objects"), rows.Count, "object", "give a namespace, a resource or a name to see others"),
            DataTable.Of(
                "Objects, those to which something happened last first", ["Object", "Resource", "Changes", "Records", "Last"],
                rows.Select(row => (row, ObjectName.Of(row))).Select(one => (IReadOnlyList<Markup>)
                [
                    Links.Object(one.Item2, one.Item2.Path), one.Item2.Kind, Tags.Count(one.row.Number("changes")),
                    Tags.Count(one.row.Number("records")), Tags.Time(one.row.Time("last")),
                ])),
        ]);
}
