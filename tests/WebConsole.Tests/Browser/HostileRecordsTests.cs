using ClusterTrail.Fixtures;

namespace ClusterTrail.WebConsole.Tests.Browser;

/// <summary>A record full of script changes nothing, in a real browser.</summary>
[Requires(Requires.Browser)]
public sealed class HostileRecordsTests(Chromium chromium) : IClassFixture<Chromium>
{
    const string Dangerous = "script, img, iframe, object, embed, style, [onload], [onerror], [onmouseover]";

    [Fact]
    public async Task NoScriptRunsAndNobodyElseIsAsked()
    {
        await using var world = await ConsoleWorld.OpenAsync(HostileRecords.All);
        await using var person = await chromium.OpenAsync(world);
        var addresses = new List<string> { "/", "/people?kind=all", "/findings", "/objects", "/record?id=half" };
        foreach (var (at, text) in HostileRecords.Texts.Index())
        {
            var value = Uri.EscapeDataString(text);
            addresses.AddRange([$"/record?id=hostile-{at}", $"/person?user={value}", $"/?user={value}&name={value}"]);
        }

        foreach (var address in addresses)
        {
            await person.Page.GotoAsync(new Uri(world.Server.Url, address).ToString());
            Assert.EndsWith("· ClusterTrail", await person.Page.TitleAsync(), StringComparison.Ordinal);
            Assert.Equal(0, await person.Page.Locator(Dangerous).CountAsync());
            Assert.Equal(1, await person.Page.Locator("main h1").CountAsync());
        }

        await person.Page.GotoAsync($"{world.Server.Url}");
        await person.KeepAsync("hostile-records");
        person.NothingWentWrong();
    }
}
