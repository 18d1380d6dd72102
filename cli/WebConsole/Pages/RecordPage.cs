using System.Globalization;
using ClusterTrail.WebConsole.Html;
using ClusterTrail.WebConsole.Queries;
using ClusterTrail.WebConsole.Sources;

namespace ClusterTrail.WebConsole.Pages;

/// <summary>A record: its fields, itself, what happened around it, and what proves it.</summary>
sealed class RecordPage(ConsoleArchive archive) : IPage
{
    const string NumberName = "number", NearName = "near", ConsequencesTitle = "Findings about it, and what it started";

    public string Path => Links.RecordPath;

    public string? Section => Links.HistoryPath;

    public IReadOnlyCollection<string> Parameters { get; } = ["id", "trail", "time", NearName, NumberName];

    public Task<Page> ShowAsync(IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        var number = 1L;
        if (parameters.TryGetValue(NumberName, out var text)
            && !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number))
            throw new QuestionException($"{NumberName} {text} is not a number.");
        if (parameters.Count == 0)
            throw new QuestionException("The address names no record; choose one in a list.");
        var record = RecordDetails.Find(
            archive.Events,
            new(
                parameters.GetValueOrDefault("id"), parameters.GetValueOrDefault("trail"), Time(parameters, "time"),
                Time(parameters, NearName)),
            number, cancellationToken);
        return Task.FromResult(record is null ? NotHere() : Show(record, number, AddressOf(parameters), cancellationToken));
    }

    static DateTime? Time(IReadOnlyDictionary<string, string> parameters, string name) =>
        !parameters.TryGetValue(name, out var text) ? null
        : TimeFormat.Parse(text) ?? throw new QuestionException($"{name} {text} is not a time; give one like 2026-03-01T10:00:00Z.");

    static Address AddressOf(IReadOnlyDictionary<string, string> parameters) => parameters.Aggregate(
        new Address(Links.RecordPath), (address, parameter) => address.With(parameter.Key, parameter.Value));

    static Page NotHere() => new(
        "No such record",
        Markup.Of(
        [
            Tags.Paragraph(
                "The record is not among those that were read. It may be of another time, or of an object that could not be read, or no "
                    + "selector asked for it. Start the console with another --since and --until to look elsewhere."),
            Tags.Paragraph(Tags.Link(Links.HistoryPath, "Event history")),
        ]), 404);

    Page Show(RecordDetails record, long number, Address own, CancellationToken cancellationToken) => new(
        TitleOf(record.Row),
        Markup.Of(
        [
            Alike(record, number, own),
            Facts(record),
            Related(record, cancellationToken),
            Around(record.Row, cancellationToken),
            Tags.Heading("Integrity"), new RecordIntegrity(archive).Show(record.Row),
            Tags.Heading("The record"),
            record.Text.Length < record.Bytes && record.Text.Length == RecordDetails.MostText
                ? Tags.Paragraph(
                    $"It has {Tags.Number(record.Bytes)} bytes; this is the beginning. "
                        + "kubectl trail lookup --event-id ID -o json prints all of it.")
                : Markup.Empty,
            record.IsParsed ? Markup.Empty : Tags.Paragraph(
                "A string of this record contains half of a surrogate pair, so the record cannot be parsed as JSON. "
                    + "Evidence that it names is only in its text."),
            JsonLines.Of(record.Text),
        ]));

    static string TitleOf(EventRow row) => string.Join(' ', new[]
    {
        row.Category.Text == "Insight" ? $"Finding {row.Rule}:" : null,
        row.Category.Text == "Aggregate" ? $"{row.Count} ×" : null,
        row.Category.Text == "Unparsable" ? "Unparsable line" : row.Verb.Text is null ? "Record" : $"{row.Verb}",
        row.Object.Kind, row.Object.Path,
    }.Where(part => !string.IsNullOrEmpty(part)));

    static Markup Alike(RecordDetails record, long number, Address own)
    {
        if (record.Alike == 1)
            return Markup.Empty;
        var links = new List<Markup> { $"{Tags.Number(record.Alike)} records have this address; this is number {Tags.Number(number)}. " };
        if (number > 1)
            links.Add(Tags.Link($"{own.With(NumberName, $"{number - 1}")}", "The one before"));
        if (number > 1 && number < record.Alike)
            links.Add(" · ");
        if (number < record.Alike)
            links.Add(Tags.Link($"{own.With(NumberName, $"{number + 1}")}", "The next"));
        return new Element("p", links);
    }

    static Element Facts(RecordDetails record)
    {
        var row = record.Row;
        (string, Markup)[] facts =
        [
            ("Time", Tags.Time(row.Time)),
            ("User", Links.Person(row.User)), ("Acting as", Links.Person(row.Impersonated)), ("Groups", string.Join(", ", record.Groups)),
            ("Address", Links.Source(row.Address)), ("Client", $"{record.More["user_agent"]}"),
            ("Verb", $"{row.Verb}"), ("Object", ObjectOf(row)),
            ("Program", $"{row.Executable}"), ("Arguments", string.Join(' ', record.Arguments)),
            ("Container", $"{record.More["container"]}"),
            ("Result", RecordTable.Result(row)), ("Decision", $"{record.More["decision"]}"),
            ("Rule", Links.Rule(row.Rule)), ("What it is", $"{record.Description}"), ("Runbook", $"{record.Runbook}"),
            ("Category", $"{row.Category}"), ("Level", $"{record.More["level"]}"), ("Stage", $"{record.More["stage"]}"),
            ("Recorded by", string.Join(", ", Recorder(row))), ("ID", Code(row.Id)), ("Audit ID", Code(record.More["audit_id"])),
        ];
        return Tags.Facts(facts.Where(fact => fact.Item2 is not (Markup.Characters { Text: "" } or Markup.Several { Parts: [] })));
    }

    static IEnumerable<string> Recorder(EventRow row) =>
        new[] { ("cluster", row.Cluster), ("node", row.Node), ("Trail", row.Trail) }
            .Where(part => part.Item2.Text is not null).Select(part => $"{part.Item1} {part.Item2}");

    static Markup ObjectOf(EventRow row) => row.Object.Kind.Length == 0
        ? Markup.Empty
        : Markup.Of([$"{row.Object.Kind} ", Links.Object(row.Object, row.Object.Path)]);

    static Markup Code(ShownText text) => text.Text is null ? Markup.Empty : Tags.Code($"{text}");

    static Element EvidenceOf(RecordDetails record, string id) => new Element(
        "li", Tags.Link(
            $"{new Address(Links.RecordPath).With("id", id).With("trail", record.Row.Trail.Whole).With(NearName, record.Row.Time)}",
            Tags.Code(id)));

    Markup Related(RecordDetails record, CancellationToken cancellationToken)
    {
        var consequences = Neighbours.Consequences(archive.Events, record.Row, cancellationToken);
        var evidence = record.Evidence.Where(id => id.Length > 0).ToList();
        return Markup.Of(
        [
            evidence.Count == 0 ? Markup.Empty : Markup.Of(
            [
                Tags.Heading(record.Row.Category.Text == "Insight" ? "Evidence" : "Started by"),
                new Element("ul", [.. evidence.Select(id => (Markup)EvidenceOf(record, id))]),
            ]),
            consequences.Count == 0 ? Markup.Empty : Markup.Of(
                [Tags.Heading(ConsequencesTitle), RecordTable.Of(consequences, ConsequencesTitle)]),
        ]);
    }

    Markup Around(EventRow row, CancellationToken cancellationToken)
    {
        var neighbours = Neighbours.Read(archive.Events, row, cancellationToken);
        if (row.Time is not { } time)
            return Markup.Empty;
        var window = new EventFilter(time - Neighbours.Window, time + Neighbours.Window, new Dictionary<string, string>());
        var objects = Links.AddressOf(row.Object).With(EventFilter.SinceName, window.Since).With(EventFilter.UntilName, window.Until);
        Markup[] links =
        [
            Link(row.User.Whole, neighbours.ByUser, $"by {row.User}", user => window.With("user", user).In(Links.HistoryPath)),
            Link(
                row.Address.Whole, neighbours.ByAddress, $"from {row.Address}",
                address => window.With("source_ip", address).In(Links.HistoryPath)),
            Link(row.Object.IsOne ? row.Object.Path : null, neighbours.OnObject, $"on {row.Object.Path}", _ => objects),
            new Element("li", Tags.Link($"{window.In(Links.HistoryPath)}", "everything")),
        ];
        return Markup.Of(
        [
            Tags.Heading($"{TimeFormat.Duration(Neighbours.Window)} before and after"),
            new Element("ul", links).Class("links"),
            neighbours.Around.Count == 0
                ? Markup.Empty
                : RecordTable.Of(neighbours.Around, "The nearest records of the same user, address or object"),
        ]);
    }

    static Markup Link(string? value, long count, string text, Func<string, Address> address) => string.IsNullOrEmpty(value)
        ? Markup.Empty
        : new Element("li", Tags.Link($"{address(value)}", $"{Tags.Counted(count, "record")} {text}"));
}
