using ClusterTrail.Fixtures;
using Microsoft.Playwright;

namespace ClusterTrail.WebConsole.Tests.Browser;

/// <summary>How pages look: kept in artifacts/console, in both colour schemes, and checked for what can be measured.</summary>
[Requires(Requires.Browser)]
public sealed class LooksTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    static readonly (string Name, string Address)[] Pages =
    [
        ("history", "/"), ("record", "/record?id=story-4"), ("people", "/people"), ("person", "/person?user=mallory%40example.com"),
        ("findings", "/findings"), ("insights", "/insights"), ("rate", "/insights?user=ann%40example.com"), ("objects", "/objects"),
        ("object", "/object?resource=secrets&namespace=bank&name=payment-key"),
        ("integrity", "/integrity"), ("trails", "/trails"),
    ];

    ConsoleWorld world = null!;

    public async ValueTask InitializeAsync() => world = await ConsoleWorld.OpenAsync(SomeDay.Records());

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task PagesCanBeReadInBothSchemes(ColorScheme scheme)
    {
        await using var person = await chromium.OpenAsync(world, scheme);
        foreach (var (name, address) in Pages)
        {
            await person.Page.GotoAsync(new Uri(world.Server.Url, address).ToString());
            await person.KeepAsync($"{name}-{scheme}".ToLowerInvariant());
            await CheckAsync(person.Page, name);
        }

        person.NothingWentWrong();
    }

    [Fact]
    public async Task ANarrowWindowNeedsNoSidewaysScrolling()
    {
        await using var person = await chromium.OpenAsync(world);
        await person.Page.SetViewportSizeAsync(480, 900);
        foreach (var (name, address) in Pages)
        {
            await person.Page.GotoAsync(new Uri(world.Server.Url, address).ToString());
            Assert.True(
                await person.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"),
                $"{name} is too wide");
        }

        await person.Page.GotoAsync($"{world.Server.Url}");
        await person.KeepAsync("narrow");
    }

    // What a screen reader needs, and that text stands out from what is behind it (WCAG AA: 4.5).
    static async Task CheckAsync(IPage page, string name)
    {
        Assert.Equal(1, await page.GetByRole(AriaRole.Main).CountAsync());
        Assert.Equal(1, await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).CountAsync());
        Assert.Equal(
            0, await page.Locator("th:not([scope]), input:not(label input, [type=hidden]), select:not(label select), a:not([href])").CountAsync());
        var faint = await page.EvaluateAsync<string[]>(
            """
            () => {
              const shade = color => {
                const [r, g, b] = color.match(/[\d.]+/g).slice(0, 3).map(part => part / 255)
                  .map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
              };
              const behind = element => {
                for (let at = element; at; at = at.parentElement) {
                  const color = getComputedStyle(at).backgroundColor;
                  if (!/, 0\)$/.test(color)) return color;
                }
                return 'rgb(255, 255, 255)';
              };
              return [...document.querySelectorAll('body *')]
                .filter(element => [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()) && !element.closest('svg'))
                .map(element => {
                  const [one, other] = [shade(getComputedStyle(element).color), shade(behind(element))].sort((a, b) => b - a);
                  return [element, (one + 0.05) / (other + 0.05)];
                })
                .filter(([, contrast]) => contrast < 4.5)
                .map(([element, contrast]) => `${element.tagName}.${element.className} ${contrast.toFixed(2)}: ${element.textContent}`);
            }
            """);
        Assert.True(faint.Length == 0, $"{name}: {string.Join("\n", faint.Distinct().Take(10))}");
    }
}
