using ClusterTrail.History.Reading;
using ClusterTrail.WebConsole.Html;
using ClusterTrail.WebConsole.Sources;

namespace ClusterTrail.WebConsole.Pages;

/// <summary>How the Trails of the cluster are: lag, deliveries, problems, as <c>kubectl trail status</c> says it.</summary>
sealed class TrailsPage(ConsoleArchive archive) : IPage
{
    public string Path => "/trails";

    public string? Section => Path;

    public IReadOnlyCollection<string> Parameters => [];

    public async Task<Page> ShowAsync(IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken) =>
        new("Trails", await BodyAsync(cancellationToken));

    async Task<Markup> BodyAsync(CancellationToken cancellationToken)
    {
        if (archive.Trails is not { } trails)
            return Tags.Paragraph("No cluster is known here. kubectl trail status shows the Trails of one.");
        try
        {
            return Of(await trails(cancellationToken));
        }
        catch (TrailException e)
        {
            return Markup.Of(
            [
                Tags.Paragraph($"{e.Message.TrimEnd('.')}.").Class("verdict"),
                Tags.Paragraph(
                    "The records are not affected: they come from the archive. To see the Trails here, start the console with --kubeconfig "
                        + "or --context."),
            ]);
        }
    }

    static Markup Of(TrailsStatus status) => Markup.Of(
    [
        Tags.Paragraph("The cluster is ", Tags.Code(status.Cluster), ". This was asked when the page was opened."),
        .. status.Problems.Select(problem => (Markup)Tags.Paragraph(problem).Class("verdict bad")),
        status.Trails.Count == 0 ? Tags.Paragraph("The cluster has no Trail.") : Markup.Empty,
        .. status.Trails.Select(trail => (Markup)new Element("ul", Item(trail)).Class("tree")),
    ]);

    static Element Item(StatusLine line) => new(
        "li", [line.Text, line.Lines.Count == 0 ? Markup.Empty : new Element("ul", [.. line.Lines.Select(inner => (Markup)Item(inner))])]);
}
