using ClusterTrail.History.Reading;
using ClusterTrail.WebConsole.Html;
using ClusterTrail.WebConsole.Pages;
using ClusterTrail.WebConsole.Queries;
using ClusterTrail.WebConsole.Serving;
using ClusterTrail.WebConsole.Sources;
using Microsoft.AspNetCore.Http;

namespace ClusterTrail.WebConsole;

/// <summary>The console: all pages over an archive. Read this first.</summary>
sealed class ConsolePages
{
    const string StylePath = "/console.css";

    static readonly byte[] Style = ReadStyle();

    readonly Layout layout;
    readonly Dictionary<string, IPage> pages;

    internal ConsolePages(ConsoleArchive archive)
    {
        layout = new(archive);
        pages = All(archive).ToDictionary(page => page.Path);
    }

    /// <param name="archive">What the pages are about; the caller keeps it, and disposes of its database.</param>
    /// <param name="port">Of 127.0.0.1; 0 picks a free one.</param>
    /// <exception cref="TrailException">The port cannot be listened on.</exception>
    internal static Task<ConsoleServer> ServeAsync(ConsoleArchive archive, int port, CancellationToken cancellationToken) =>
        ConsoleServer.StartAsync(port, new ConsolePages(archive).AnswerAsync, cancellationToken);

    static IEnumerable<IPage> All(ConsoleArchive archive) =>
    [
        new HistoryPage(archive), new RecordPage(archive), new PeoplePage(archive), new PersonPage(archive), new FindingsPage(archive),
        new InsightsPage(archive), new ObjectsPage(archive), new ObjectPage(archive), new IntegrityPage(archive), new TrailsPage(archive), new ProblemsPage(archive),
    ];

    async Task<HttpAnswer> AnswerAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var path = request.Path.Value ?? "/";
        if (path == StylePath)
            return new(StatusCodes.Status200OK, HttpAnswer.Css, Style);
        var page = pages.GetValueOrDefault(path);
        var shown = await ShowAsync(page, path, request.Query, cancellationToken);
        return new(shown.StatusCode, HttpAnswer.Html, layout.Document(shown, page?.Section, cancellationToken));
    }

    static async Task<Page> ShowAsync(IPage? page, string path, IQueryCollection query, CancellationToken cancellationToken)
    {
        try
        {
            return page is null
                ? throw new QuestionException($"There is no page {path}.")
                : await page.ShowAsync(Parameters(page, query), cancellationToken);
        }
        catch (QuestionException e)
        {
            return Problem(page is null ? "No such page" : "The address is not valid", e.Message, page is null ? 404 : 400);
        }
        // DuckDB's own sentence, such as that its memory does not suffice.
        catch (TrailException e)
        {
            return Failed(e.Message);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed($"{e.Message.TrimEnd('.')} ({e.GetType().Name})");
        }
    }

    static Page Failed(string message) =>
        Problem("This could not be answered", $"{message.TrimEnd('.')}.", StatusCodes.Status500InternalServerError);

    static Page Problem(string title, string sentence, int statusCode) => new(
        title, Markup.Of([Tags.Paragraph(sentence), Tags.Paragraph(Tags.Link("/", "Event history"))]), statusCode);

    // An empty field of a form asks for nothing.
    static Dictionary<string, string> Parameters(IPage page, IQueryCollection query)
    {
        var parameters = new Dictionary<string, string>();
        foreach (var (name, values) in query)
        {
            if (!page.Parameters.Contains(name))
                throw new QuestionException($"This page knows no parameter {name}.");
            var given = values.Where(value => !string.IsNullOrEmpty(value)).ToList();
            if (given.Count > 1)
                throw new QuestionException($"The address has {name} several times; give it once.");
            if (given is [{ } value])
                parameters.Add(name, value);
        }

        return parameters;
    }

    static byte[] ReadStyle()
    {
        using var resource = typeof(ConsolePages).Assembly.GetManifestResourceStream("console.css")!;
        using var style = new MemoryStream();
        resource.CopyTo(style);
        return style.ToArray();
    }
}
