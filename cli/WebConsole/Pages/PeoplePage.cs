using ClusterTrail.WebConsole.Html;
using ClusterTrail.WebConsole.Queries;
using ClusterTrail.WebConsole.Sources;

namespace ClusterTrail.WebConsole.Pages;

/// <summary>All who did something.</summary>
sealed class PeoplePage(ConsoleArchive archive) : IPage
{
    const string KindName = "kind", UserName = "user";

    public string Path => "/people";

    public string? Section => Path;

    public IReadOnlyCollection<string> Parameters { get; } = [KindName, UserName, EventFilter.SinceName, EventFilter.UntilName];

    public Task<Page> ShowAsync(IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        var (kind, user) = (parameters.GetValueOrDefault(KindName, PeopleQuery.People), parameters.GetValueOrDefault(UserName));
        var filter = EventFilter.OfTime(parameters);
        var conditions = filter.Conditions(archive.Events, cancellationToken);
        PeopleQuery.AddKind(conditions, kind);
        if (user is not null)
            TextMatch.Add(conditions, user, "\"user\"");
        var rows = PeopleQuery.Read(archive.Events, conditions, cancellationToken);
        return Task.FromResult(new Page("People", Markup.Of([Form(kind, user, filter), Table(rows)])));
    }

    Element Form(string kind, string? user, EventFilter filter) => SmallForm.Of(Path, "Filter of people",
    [
        SmallForm.Input(UserName, "User", "ann, *@example.com", user),
        SmallForm.Choice(
            KindName, "Who", kind, (PeopleQuery.People, "People"), (PeopleQuery.Machines, "Machines (system:…)"),
            (PeopleQuery.Everyone, "All")),
        .. SmallForm.Times(filter),
    ]);

    static Markup Table(IReadOnlyList<AnswerRow> rows) => rows.Count == 0
        ? Tags.Paragraph("No user matches the filter.")
        : Markup.Of(
        [
            SmallForm.Found(rows[0].Number("users"), rows.Count, "user", "give a part of the name, such as ann*, to see others"),
            DataTable.Of(
                "Users, who did something last first",
                ["User", "Records", "Addresses", "Secret reads", "Impersonations", "Findings", "First seen", "Last seen"],
                rows.Select(row => (IReadOnlyList<Markup>)
                [
                    Links.Person(ShownText.Of(row.Text("user"))), Tags.Count(row.Number("records")), Tags.Count(row.Number("addresses")),
                    Tags.Count(row.Number("secrets")), Tags.Count(row.Number("impersonations")), Tags.Count(row.Number("findings")),
                    Tags.Time(row.Time("first")), Tags.Time(row.Time("last")),
                ])),
        ]);
}
