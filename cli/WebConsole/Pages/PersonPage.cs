using ClusterTrail.WebConsole.Html;
using ClusterTrail.WebConsole.Queries;
using ClusterTrail.WebConsole.Sources;

namespace ClusterTrail.WebConsole.Pages;

/// <summary>What a user did: where from, which secrets, as whom, and everything in the order of time.</summary>
sealed class PersonPage(ConsoleArchive archive) : IPage
{
    const string UserName = "user";
    const int Most = 50;

    public string Path => Links.PersonPath;

    public string? Section => "/people";

    public IReadOnlyCollection<string> Parameters { get; } =
        [UserName, EventFilter.SinceName, EventFilter.UntilName, .. EventListing.Parameters];

    public Task<Page> ShowAsync(IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        if (!parameters.TryGetValue(UserName, out var user))
            throw new QuestionException("The address names no user; choose one of People.");
        var filter = EventFilter.OfTime(parameters);
        var all = new Address(Path).With(UserName, user);
        var page = all.With(EventFilter.SinceName, filter.Since).With(EventFilter.UntilName, filter.Until);
        return Task.FromResult(new Page(user, Markup.Of(
        [
            Facts(user, filter, cancellationToken),
            Addresses(user, filter, cancellationToken),
            Secrets(user, filter, cancellationToken),
            Impersonations(user, filter, cancellationToken),
            Tags.Heading("Everything"),
            new EventListing(archive).Show(filter, page, all, parameters, conditions => AddUser(conditions, user), cancellationToken),
        ])));
    }

    static Conditions AddUser(Conditions conditions, string user) => conditions.Add("\"user\" = {0} OR impersonated = {0}", user);

    Element Facts(string user, EventFilter filter, CancellationToken cancellationToken)
    {
        var conditions = AddUser(filter.Conditions(archive.Events, cancellationToken), user);
        var its = conditions.Parameter(user);
        var row = archive.Events.Ask(
            $"""
            SELECT min(time) AS first, max(time) AS last, count(*) AS records, count(*) FILTER (reason IS NOT NULL) AS failed,
                count(*) FILTER (category = 'Insight') AS findings,
                count(*) FILTER (resource = 'pods' AND subresource = 'exec' AND category = 'Data') AS execs,
                max(time) FILTER (category IN ('Management', 'Data') AND "user" = {its}) AS asked
            FROM events WHERE {conditions.Sql}
            """,
            conditions.Values, cancellationToken)[0];
        var address = filter.With("user", user).In(Links.HistoryPath);
        return Tags.Facts(
        [
            ("First seen", Tags.Time(row.Time("first"))), ("Last seen", Tags.Time(row.Time("last"))),
            ("Records", Tags.Link($"{address}", Tags.Number(row.Number("records")))),
            ("Failed", Tags.Link($"{address.With("error", "*")}", Tags.Number(row.Number("failed")))),
            ("Findings", Tags.Link($"{address.With("category", "Insight")}", Tags.Number(row.Number("findings")))),
            ("Execs", Tags.Link($"{address.With("resource", "pods/exec").With("category", "Data")}", Tags.Number(row.Number("execs")))),
            ("Rate", Tags.Link($"{new Address(Links.InsightsPath).With(UserName, user)}", "calls a minute, and what is usual")),
            ("Groups", string.Join(", ", Groups(user, row.Time("asked"), cancellationToken).Select(group => $"{ShownText.Of(group)}"))),
        ]);
    }

    // Of the last request: lists are long to read, so they are read of one moment.
    IEnumerable<string> Groups(string user, DateTime? time, CancellationToken cancellationToken)
    {
        if (time is not { } last)
            return [];
        var conditions = new Conditions().Add("\"user\" = {0}", user).Add("time = {0}", last);
        var rows = archive.Events.Ask(
            $"SELECT groups[:50] AS groups FROM events WHERE {conditions.Sql} AND groups IS NOT NULL LIMIT 1",
            conditions.Values, cancellationToken);
        return rows.Count == 0 ? [] : rows[0].Texts("groups");
    }

    Markup Addresses(string user, EventFilter filter, CancellationToken cancellationToken) => List(
        "Addresses", ["Address", "Client", "Records", "First seen", "Last seen"],
        "left(source_ip, 513) AS source_ip, left(arg_max(user_agent, time), 513) AS client", "source_ip IS NOT NULL", "events.source_ip",
        AddUser(filter.Conditions(archive.Events, cancellationToken), user),
        row => [Links.Source(ShownText.Of(row.Text("source_ip"))), $"{ShownText.Of(row.Text("client"))}"], cancellationToken);

    Markup Secrets(string user, EventFilter filter, CancellationToken cancellationToken) => List(
        "Secrets read", ["Secret", "Verb", "Records", "First", "Last"],
        $"{ShownText.Sql("namespace")}, {ShownText.Sql("name")}, {ShownText.Sql("resource")}, NULL AS \"group\", NULL AS subresource, "
            + ShownText.Sql("verb"),
        PeopleQuery.ReadsSecrets, "events.namespace, events.name, events.resource, events.verb",
        AddUser(filter.Conditions(archive.Events, cancellationToken), user),
        row => [SecretOf(ObjectName.Of(row)), $"{row.Text("verb")}"], cancellationToken);

    Markup Impersonations(string user, EventFilter filter, CancellationToken cancellationToken) => List(
        "Impersonations", ["Who", "As whom", "Records", "First", "Last"],
        $"{ShownText.Sql("\"user\"")}, {ShownText.Sql("impersonated")}", "impersonated IS NOT NULL", "events.\"user\", events.impersonated",
        AddUser(filter.Conditions(archive.Events, cancellationToken), user),
        row => [Links.Person(ShownText.Of(row.Text("user"))), Links.Person(ShownText.Of(row.Text("impersonated")))], cancellationToken);

    static Markup SecretOf(ObjectName name) => name.Name.Text is null
        ? name.Namespace.Text is null ? "all of the cluster" : $"all of {name.Namespace}"
        : Links.Object(name, name.Path);

    Markup List(
        string title, IReadOnlyList<string> titles, string columns, string condition, string key, Conditions conditions,
        Func<AnswerRow, IReadOnlyList<Markup>> cells, CancellationToken cancellationToken)
    {
        var rows = archive.Events.Ask(
            $"""
            SELECT {columns}, count(*) AS records, min(time) AS first, max(time) AS last, count(*) OVER () AS all_of_it
            FROM events WHERE {conditions.Sql} AND {condition} GROUP BY {key} ORDER BY last DESC NULLS LAST, records DESC LIMIT {Most}
            """,
            conditions.Values, cancellationToken);
        return rows.Count == 0 ? Markup.Empty : Markup.Of(
        [
            Tags.Heading(title),
            SmallForm.Shown(rows[0].Number("all_of_it"), rows.Count),
            DataTable.Of(title, titles, rows.Select(row => (IReadOnlyList<Markup>)
                [.. cells(row), Tags.Count(row.Number("records")), Tags.Time(row.Time("first")), Tags.Time(row.Time("last"))])),
        ]);
    }
}
