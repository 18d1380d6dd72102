using ClusterTrail.WebConsole.Html;
using ClusterTrail.WebConsole.Sources;

namespace ClusterTrail.WebConsole.Pages;

/// <summary>What could not be read.</summary>
sealed class ProblemsPage(ConsoleArchive archive) : IPage
{
    const int Most = 1000;

    public string Path => Layout.ProblemsPath;

    public string? Section => null;

    public IReadOnlyCollection<string> Parameters => [];

    public Task<Page> ShowAsync(IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken) =>
        Task.FromResult(new Page(
            "What could not be read", archive.Problems.Count == 0 ? Tags.Paragraph("Everything could be read.") : Of(archive.Problems)));

    static Markup Of(IReadOnlyList<string> problems) => Markup.Of(
    [
        Tags.Paragraph("The records of these objects are missing on all pages. Everything else was read."),
        new Element("ul", [.. problems.Take(Most).Select(problem => (Markup)new Element("li", problem))]),
        problems.Count > Most
            ? Tags.Paragraph($"{Tags.Number(problems.Count - Most)} more were printed when the console started.")
            : Markup.Empty,
    ]);
}
