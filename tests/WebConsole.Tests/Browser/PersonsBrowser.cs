using Microsoft.Playwright;

namespace ClusterTrail.WebConsole.Tests.Browser;

/// <summary>A page in a browser, and everything that it must not do.</summary>
sealed class PersonsBrowser : IAsyncDisposable
{
    readonly IBrowserContext context;
    readonly List<string> wrong = [];

    PersonsBrowser(IBrowserContext context, IPage page) => (this.context, Page) = (context, page);

    internal IPage Page { get; }

    internal static async Task<PersonsBrowser> OpenAsync(IBrowserContext context, ConsoleWorld world)
    {
        var browser = new PersonsBrowser(context, await context.NewPageAsync());
        browser.Watch(world.Server.Url);
        await browser.Page.GotoAsync($"{world.Server.FirstUrl}", new() { WaitUntil = WaitUntilState.Commit });
        // By what is there, and not by the navigation: the first page leads on by itself, perhaps before this waits for it.
        await Assertions.Expect(browser.Page.GetByRole(AriaRole.Navigation, new() { Name = "Sections" }))
            .ToBeVisibleAsync(new() { Timeout = 30_000 });
        Assert.Equal($"{world.Server.Url}", browser.Page.Url);
        return browser;
    }

    /// <summary>No dialog, no script, nothing asked of others, nothing that the policy had to stop.</summary>
    internal void NothingWentWrong() => Assert.Empty(wrong);

    /// <summary>Kept as an artifact, to be looked at.</summary>
    internal async Task KeepAsync(string name)
    {
        var folder = Path.Combine(Root(), "artifacts", "console");
        Directory.CreateDirectory(folder);
        await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
    }

    public ValueTask DisposeAsync() => context.DisposeAsync();

    void Watch(Uri console)
    {
        Page.Dialog += async (_, dialog) =>
        {
            Note($"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
        Page.Console += (_, message) => Note($"console: {message.Text}");
        Page.PageError += (_, error) => Note($"error: {error}");
        Page.Popup += (_, _) => Note("a popup");
        Page.Download += (_, _) => Note("a download");
        context.Request += (_, request) =>
        {
            if (new Uri(request.Url) is { Scheme: not "data" } url && url.Authority != console.Authority)
                Note($"request: {request.Url}");
        };
    }

    void Note(string sentence)
    {
        lock (wrong)
            wrong.Add(sentence);
    }

    static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Operator.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests do not run from within the repository.");
        return folder.FullName;
    }
}
