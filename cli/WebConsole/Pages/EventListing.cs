using ClusterTrail.WebConsole.Charts;
using ClusterTrail.WebConsole.Html;
using ClusterTrail.WebConsole.Queries;
using ClusterTrail.WebConsole.Sources;

namespace ClusterTrail.WebConsole.Pages;

/// <summary>Records that a filter finds: how many there are over time, and the list, page by page.</summary>
sealed class EventListing(ConsoleArchive archive)
{
    const string OlderName = "older", NewerName = "newer";

    /// <summary>What it reads of an address, besides the filter.</summary>
    internal static IReadOnlyList<string> Parameters { get; } = [OlderName, NewerName];

    /// <param name="filter">Which records.</param>
    /// <param name="page">The address of this page with the filter.</param>
    /// <param name="all">The address of this page without the filter.</param>
    /// <param name="more">A condition that the filter cannot say.</param>
    internal Markup Show(
        EventFilter filter, Address page, Address all, IReadOnlyDictionary<string, string> parameters, Action<Conditions>? more,
        CancellationToken cancellationToken)
    {
        var (older, newer) = (Place(parameters, OlderName), Place(parameters, NewerName));
        if (older is not null && newer is not null)
            throw new QuestionException("The address has a place for older records and one for newer records; give one of them.");
        var events = archive.Events;
        var histogram = Histogram.Read(events, filter, Asked, archive.Extent(cancellationToken), cancellationToken);
        var listed = EventPage.Read(events, Asked, older, newer, cancellationToken);
        if (histogram.Total == 0)
            return Nothing(filter, all);
        return Markup.Of(
        [
            TimeChart.Draw(histogram, (since, until) => page.With(EventFilter.SinceName, since).With(EventFilter.UntilName, until)),
            Zoom(filter, page, histogram),
            listed.Rows.Count == 0
                ? Tags.Paragraph("There is no record beyond this place in the list.")
                : RecordTable.Of(listed.Rows, "Records, the newest first"),
            listed.NotShown > 0
                ? Tags.Paragraph(
                    $"{Tags.Number(listed.NotShown)} more records have the time and the id of the last one. "
                        + "kubectl trail lookup shows them.")
                : Markup.Empty,
            Turn(page, listed, isAtTop: older is null && newer is null),
        ]);

        Conditions Asked()
        {
            var conditions = filter.Conditions(events, cancellationToken);
            more?.Invoke(conditions);
            return conditions;
        }
    }

    static Cursor? Place(IReadOnlyDictionary<string, string> parameters, string name) =>
        parameters.TryGetValue(name, out var text) ? Cursor.Parse(text) : null;

    static Element Nothing(EventFilter filter, Address all) => filter.IsEmpty
        ? Tags.Paragraph("There is no record here. Start the console with an earlier --since to see older ones.")
        : Tags.Paragraph("No record matches the filter. ", Tags.Link($"{all}", "Show all records"), ".");

    static Element Zoom(EventFilter filter, Address page, Histogram histogram)
    {
        var parts = new List<Markup> { new Element("strong", Tags.Number(histogram.Total)), histogram.Total == 1 ? " record" : " records" };
        if (filter is { Since: { } since, Until: { } until })
        {
            var around = TimeSpan.FromTicks(Math.Min((until - since).Ticks, Math.Min(since.Ticks, (DateTime.MaxValue - until).Ticks)));
            parts.AddRange([" · ", Tags.Link(
                $"{page.With(EventFilter.SinceName, since - around).With(EventFilter.UntilName, until + around)}", "Zoom out")]);
        }

        if (filter.Since is not null || filter.Until is not null)
        {
            parts.AddRange([" · ", Tags.Link(
                $"{page.With(EventFilter.SinceName, (string?)null).With(EventFilter.UntilName, (string?)null)}", "All of the time")]);
        }

        return new Element("p", parts).Class("summary").With("role", "status");
    }

    static Markup Turn(Address page, EventPage listed, bool isAtTop)
    {
        var links = new List<Markup>();
        if (!isAtTop)
            links.Add(Tags.Link($"{page}", "Newest"));
        if (listed.Newer is { } newer)
            links.Add(Tags.Link($"{page.With(NewerName, newer.ToString())}", "Newer").With("rel", "prev"));
        if (listed.Older is { } older)
            links.Add(Tags.Link($"{page.With(OlderName, older.ToString())}", "Older").With("rel", "next"));
        return links.Count == 0 ? Markup.Empty : new Element("nav", links).Class("turn").With("aria-label", "Pages of the list");
    }
}
