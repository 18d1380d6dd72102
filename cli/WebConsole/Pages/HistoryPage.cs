using ClusterTrail.WebConsole.Html;
using ClusterTrail.WebConsole.Queries;
using ClusterTrail.WebConsole.Sources;

namespace ClusterTrail.WebConsole.Pages;

/// <summary>Event history: all records, by any filter.</summary>
sealed class HistoryPage(ConsoleArchive archive) : IPage
{
    public string Path => Links.HistoryPath;

    public string? Section => Path;

    public IReadOnlyCollection<string> Parameters { get; } = [.. EventFilter.Names, .. EventListing.Parameters];

    public Task<Page> ShowAsync(IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        var filter = EventFilter.Of(parameters);
        return Task.FromResult(new Page("Event history", Markup.Of(
        [
            FilterForm.Of(filter, Path), FilterForm.Chips(filter, Path),
            new EventListing(archive).Show(filter, filter.In(Path), new(Path), parameters, null, cancellationToken),
        ])));
    }
}
