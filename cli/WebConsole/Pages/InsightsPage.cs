using System.Globalization;
using ClusterTrail.History.Search;
using ClusterTrail.Rules.Insights;
using ClusterTrail.WebConsole.Charts;
using ClusterTrail.WebConsole.Html;
using ClusterTrail.WebConsole.Queries;
using ClusterTrail.WebConsole.Sources;

namespace ClusterTrail.WebConsole.Pages;

/// <summary>A rate with the band of what was usual; without a subject, what agents found and what can be drawn.</summary>
sealed class InsightsPage(ConsoleArchive archive) : IPage
{
    const string UserName = "user", VerbName = "verb", GroupName = "group", ResourceName = "resource", MeasureName = "measure";
    const string ClusterName = "cluster", TrailName = "trail", NodeName = "node", Calls = "calls", Errors = "errors";
    const int MostRecorded = 100;

    // A stretch is drawn with what was before and after it.
    static readonly TimeSpan Around = TimeSpan.FromHours(1);

    public string Path => Links.InsightsPath;

    public string? Section => Path;

    public IReadOnlyCollection<string> Parameters { get; } =
    [
        UserName, VerbName, GroupName, ResourceName, MeasureName, ClusterName, TrailName, NodeName,
        EventFilter.SinceName, EventFilter.UntilName,
    ];

    public Task<Page> ShowAsync(IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        var sources = RateSource.All(archive.Events, cancellationToken);
        var filter = EventFilter.OfTime(parameters);
        if (sources.Count == 0)
        {
            return Task.FromResult(new Page("Insights", Markup.Of(
            [
                Recorded(filter, cancellationToken), Counted(null, cancellationToken),
                Tags.Paragraph("There is no event of an API server here, so there is no rate to draw."),
            ])));
        }

        var subject = Subject(parameters);
        var source = Source(parameters, sources);
        return Task.FromResult(subject is null
            ? new Page("Insights", Markup.Of(
            [
                Recorded(filter, cancellationToken), Counted(null, cancellationToken), Choices(source, sources, cancellationToken),
            ]))
            : new Page($"Rate of {subject}", Drawn(subject, Measure(parameters), source, sources, filter, cancellationToken)));
    }

    Markup Drawn(
        RateSubject subject, RateMeasure measure, RateSource source, IReadOnlyList<RateSource> sources, EventFilter filter,
        CancellationToken cancellationToken)
    {
        var address = AddressOf(subject, source).With(MeasureName, measure == RateMeasure.Errors ? Errors : null)
            .With(EventFilter.SinceName, filter.Since).With(EventFilter.UntilName, filter.Until);
        var rates = RateQuestion.Read(archive.Events, source, subject, measure, cancellationToken);
        var minutes = rates.Minutes.Where(minute => IsIn(filter, minute.Minute)).ToList();
        var what = measure == RateMeasure.Calls ? Calls : Errors;
        return Markup.Of(
        [
            Form(subject, measure, source, filter),
            Others(address, source, sources), Counted(source, cancellationToken),
            minutes.Count == 0 ? Tags.Paragraph("It made no calls in this time.") : RateChart.Draw(minutes, what),
            Tags.Heading("Unusual stretches"),
            Stretches([.. rates.Found.Where(found => found.Measure == measure)], filter, address),
            Tags.Paragraph(
                "These are found in the records that were read, by the method of the agents. In the first half hour nothing is judged, and in the first "
                    + "week a stretch has at least ten minutes: start the console with an earlier --since to see what an agent knew."),
        ]);
    }

    Element Form(RateSubject subject, RateMeasure measure, RateSource source, EventFilter filter) => SmallForm.Of(Path, "Time of the drawing",
    [
        SmallForm.Choice(MeasureName, "What", measure == RateMeasure.Calls ? Calls : Errors, (Calls, "Calls"), (Errors, "Errors")),
        .. SmallForm.Times(filter),
        .. AddressOf(subject, source).Parameters.Select(one => (Markup)new Element("input")
            .With("type", "hidden").With("name", one.Name).With("value", one.Value)),
    ]);

    static Element Others(Address address, RateSource source, IReadOnlyList<RateSource> sources) => new Element(
        "p",
        [
            $"As the agent on {source.Node} of {source.Cluster} saw it, for Trail {source.Trail}.",
            .. sources.Where(other => other != source).SelectMany(other => (Markup[])
            [
                " ", Tags.Link($"{Of(address, other)}", $"{other.Node} of {other.Cluster}, Trail {other.Trail}"),
            ]),
        ]).Class("summary");

    static Element Stretches(List<RateInsight> found, EventFilter filter, Address address)
    {
        // An end repeats its start, and knows more.
        var whole = found.Where((one, at) => one.End != StretchEnd.None || !found.Skip(at + 1).Any(later => later.From == one.From))
            .Where(one => (filter.Since is null || one.To > filter.Since) && (filter.Until is null || one.From < filter.Until)).ToList();
        return whole.Count == 0 ? Tags.Paragraph("There is none in this time.") : DataTable.Of(
            "Unusual stretches", ["From", "To", "A minute", "Usual", "Times as many", "Highest", "End"],
            whole.Select(one => (IReadOnlyList<Markup>)
            [
                Tags.Link(
                    $"{address.With(EventFilter.SinceName, ObjectSpan.Earlier(one.From, Around).UtcDateTime)
                        .With(EventFilter.UntilName, ObjectSpan.Later(one.To, Around).UtcDateTime)}",
                    TimeFormat.Short(one.From.UtcDateTime)),
                TimeFormat.Short(one.To.UtcDateTime), Number(one.Observed), Number(one.Baseline), Number(one.Ratio), Number(one.Peak),
                one.End == StretchEnd.None ? "goes on" : $"{one.End}",
            ]));
    }

    Markup Recorded(EventFilter filter, CancellationToken cancellationToken)
    {
        var conditions = filter.Conditions(archive.Events, cancellationToken)
            .Add("category = 'Insight'").Add("starts_with(rule, 'unusual-') OR starts_with(rule, 'first-seen-')");
        var rows = archive.Events.Ask(
            $"""
            SELECT time, rule, {ShownText.Sql("\"user\"")}, {ShownText.Sql("verb")}, {ShownText.Sql("\"group\"")}, {ShownText.Sql("resource")},
                {ShownText.Sql("id")}, {ShownText.Sql("trail")}, cluster, node
            FROM events WHERE {conditions.Sql} ORDER BY time DESC LIMIT {MostRecorded}
            """,
            conditions.Values, cancellationToken);
        return Markup.Of(
        [
            Tags.Heading("Recorded by agents"),
            rows.Count == 0
                ? Tags.Paragraph("Agents recorded none in this time; they look for what is unusual if spec.insights.enabled of their Trail is true.")
                : DataTable.Of(
                    "Recorded Insights, the newest first", ["Time", "What", "User or calls", "Node"], rows.Select(RecordedRow)),
        ]);
    }

    Markup Counted(RateSource? source, CancellationToken cancellationToken) =>
        RateQuestion.OnlyCounted(archive.Events, source, cancellationToken) is > 0 and var counted
            ? Tags.Paragraph(OnlyCounted.Sentence(counted)) : Markup.Of([]);

    static IReadOnlyList<Markup> RecordedRow(AnswerRow row)
    {
        var subject = row.Text("user") is { } user
            ? new RateSubject(user, null, null, null)
            : new RateSubject(null, row.Text("verb"), row.Text("group") ?? "", row.Text("resource") ?? "");
        var record = new Address(Links.RecordPath).With("id", ShownText.Of(row.Text("id")).Whole).With("trail", row.Text("trail")).With("time", row.Time("time"));
        return
        [
            Tags.Link($"{record}", row.Time("time") is { } time ? TimeFormat.Short(time) : "no time"), $"{row.Text("rule")}",
            row.Text("trail") is { } trail && row.Text("cluster") is { } cluster && row.Text("node") is { } node
                && IsWhole(subject)
                ? Tags.Link($"{AddressOf(subject, new(cluster, trail, node))}", $"{subject}") : $"{subject}",
            $"{row.Text("node")}",
        ];
    }

    Markup Choices(RateSource source, IReadOnlyList<RateSource> sources, CancellationToken cancellationToken)
    {
        var busiest = RateQuestion.Busiest(archive.Events, source, cancellationToken).ToLookup(one => one.Subject.User is not null);
        return Markup.Of(
        [
            Tags.Heading("Rates"),
            Others(new(Path), source, sources),
            Choice("Users with the most calls", "User", busiest[true], source),
            Tags.Paragraph(),
            Choice("Kinds of calls with the most calls", "Kind of calls", busiest[false], source),
        ]);
    }

    static Element Choice(string caption, string title, IEnumerable<(RateSubject Subject, long Calls)> all, RateSource source) => DataTable.Of(
        caption, [title, "Calls"], all.Select(one => (IReadOnlyList<Markup>)
        [
            Tags.Link($"{AddressOf(one.Subject, source)}", $"{one.Subject}"), Tags.Count(one.Calls),
        ]));

    static Address AddressOf(RateSubject subject, RateSource source) => Of(
        new Address(Links.InsightsPath).With(UserName, subject.User).With(VerbName, subject.Verb).With(GroupName, subject.ApiGroup)
            .With(ResourceName, subject.Resource),
        source);

    static Address Of(Address address, RateSource source) =>
        address.With(ClusterName, source.Cluster).With(TrailName, source.Trail).With(NodeName, source.Node);

    static bool IsWhole(RateSubject subject) =>
        new[] { subject.User, subject.Verb, subject.ApiGroup, subject.Resource }.All(part => (part?.Length ?? 0) <= ShownText.Most);

    static bool IsIn(EventFilter filter, Minute minute) =>
        (filter.Since is not { } since || minute.End > since) && (filter.Until is not { } until || minute.Start < until);

    static RateSubject? Subject(IReadOnlyDictionary<string, string> parameters)
    {
        var (user, verb) = (parameters.GetValueOrDefault(UserName), parameters.GetValueOrDefault(VerbName));
        return (user, verb) switch
        {
            (null, null) => null,
            (not null, null) => new(user, null, null, null),
            (null, not null) => new(null, verb, parameters.GetValueOrDefault(GroupName, ""), parameters.GetValueOrDefault(ResourceName, "")),
            _ => throw new QuestionException("The address has a user and a verb; give one of them."),
        };
    }

    static RateSource Source(IReadOnlyDictionary<string, string> parameters, IReadOnlyList<RateSource> sources)
    {
        var asked = new RateSource(
            parameters.GetValueOrDefault(ClusterName, ""), parameters.GetValueOrDefault(TrailName, ""), parameters.GetValueOrDefault(NodeName, ""));
        return asked is { Cluster: "", Trail: "", Node: "" } ? sources[0]
            : sources.Contains(asked) ? asked
            : throw new QuestionException($"There is no event of an API server of node {asked.Node} of {asked.Cluster}, for Trail {asked.Trail}.");
    }

    static RateMeasure Measure(IReadOnlyDictionary<string, string> parameters) => parameters.GetValueOrDefault(MeasureName, Calls) switch
    {
        Calls => RateMeasure.Calls,
        Errors => RateMeasure.Errors,
        var other => throw new QuestionException($"measure {other} is not known; give {Calls} or {Errors}."),
    };

    static string Number(double number) => number.ToString("#,0.#", CultureInfo.InvariantCulture);
}
