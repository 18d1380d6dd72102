using ClusterTrail.History.Reading;
using ClusterTrail.WebConsole.Html;
using ClusterTrail.WebConsole.Sources;

namespace ClusterTrail.WebConsole.Pages;

/// <summary>What is around every page: navigation, what could not be read, where the records are from.</summary>
sealed class Layout(ConsoleArchive archive)
{
    internal const string ProblemsPath = "/problems";

    static readonly (string Path, string Name)[] Sections =
    [
        ("/", "Event history"), ("/people", "People"), ("/findings", "Findings"), (Links.InsightsPath, "Insights"), ("/objects", "Objects"),
        ("/integrity", "Integrity"), ("/trails", "Trails"),
    ];

    /// <param name="page">The page.</param>
    /// <param name="section">See <see cref="IPage.Section"/>.</param>
    internal byte[] Document(Page page, string? section, CancellationToken cancellationToken) => MarkupWriter.Document(
        new Element("html", Head(page.Title), new Element(
            "body",
            Tags.Link("#main", "Skip to the content").Class("skip"),
            new Element("header", Tags.Link("/", "ClusterTrail").Class("brand"), Navigation(section)),
            Problems(),
            new Element("main", new Element("h1", page.Title), page.Body).With("id", "main").With("tabindex", "-1"),
            Footer(cancellationToken))).With("lang", "en"));

    /// <summary>A page for who may not see anything of the archive.</summary>
    internal static byte[] Bare(string title, params IReadOnlyList<Markup> body) => MarkupWriter.Document(
        new Element("html", Head(title), new Element(
            "body", new Element("main", [new Element("h1", title), .. body]))).With("lang", "en"));

    static Element Head(string title) => new(
        "head",
        new Element("meta").With("charset", "utf-8"),
        new Element("meta").With("name", "viewport").With("content", "width=device-width, initial-scale=1"),
        new Element("meta").With("name", "color-scheme").With("content", "light dark"),
        new Element("title", $"{title} · ClusterTrail"),
        new Element("link").With("rel", "icon").With("href", "data:,"),
        new Element("link").With("rel", "stylesheet").With("href", "/console.css"));

    static Element Navigation(string? section) => new Element("nav", new Element("ul", [.. Sections.Select(one => (Markup)new Element(
        "li", Tags.Link(one.Path, one.Name).With("aria-current", one.Path == section ? "page" : null)))])).With("aria-label", "Sections");

    Markup Problems() => archive.Problems.Count == 0 ? Markup.Empty : new Element(
        "p",
        archive.Problems.Count == 1 ? "One thing could not be read" : $"{Tags.Number(archive.Problems.Count)} things could not be read",
        ", so records may be missing on these pages. ", Tags.Link(ProblemsPath, "See what, and why"), ".")
        .Class("banner").With("role", "note");

    Element Footer(CancellationToken cancellationToken)
    {
        var time = (archive.Range.Since?.UtcDateTime, archive.Range.Until?.UtcDateTime) switch
        {
            ({ } since, { } until) => $"from {TimeFormat.Short(since)} to {TimeFormat.Short(until)}",
            ({ } since, null) => $"from {TimeFormat.Short(since)} on",
            (null, { } until) => $"until {TimeFormat.Short(until)}",
            _ => "of all time",
        };
        return new(
            "footer",
            Tags.Paragraph($"{Counted(cancellationToken)} {time}, from ", Tags.Code(archive.Location), ". All times are UTC."),
            Tags.Paragraph("For another time, start the console with other values of --since and --until."));
    }

    // What cannot be counted, because a file of an export is damaged, the page itself says where it needs it.
    string Counted(CancellationToken cancellationToken)
    {
        try
        {
            return Tags.Counted(archive.Extent(cancellationToken).Records, "record");
        }
        catch (TrailException)
        {
            return "Records";
        }
    }
}
