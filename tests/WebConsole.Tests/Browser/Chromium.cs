using ClusterTrail.Testing;
using Microsoft.Playwright;

namespace ClusterTrail.WebConsole.Tests.Browser;

/// <summary>A real browser. Where it cannot be installed, tests that need it fail with a sentence.</summary>
public sealed class Chromium : IAsyncLifetime
{
    IPlaywright? driver;
    IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        var path = await Part.Chromium.PathOfAsync("chromium", TestContext.Current.CancellationToken);
        driver = await Playwright.CreateAsync();
        browser = await driver.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = ["--no-sandbox"] });
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        driver?.Dispose();
    }

    /// <summary>A browser of its own, as a person's who opened the first address.</summary>
    internal async Task<PersonsBrowser> OpenAsync(ConsoleWorld world, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await browser!.NewContextAsync(new()
        {
            ColorScheme = scheme,
            ViewportSize = new() { Width = 1280, Height = 900 },
        });
        return await PersonsBrowser.OpenAsync(context, world);
    }
}
