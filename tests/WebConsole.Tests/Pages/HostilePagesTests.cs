using System.Net;
using System.Text.RegularExpressions;

namespace ClusterTrail.WebConsole.Tests.Pages;

/// <summary>Follows every link of every page over hostile records; <see cref="HarmlessHtml"/> looks at each.</summary>
public sealed partial class HostilePagesTests : IAsyncLifetime
{
    const int MostPages = 400;

    ConsoleWorld world = null!;

    public async ValueTask InitializeAsync() => world = await ConsoleWorld.OpenAsync(HostileRecords.All);

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task NoPageIsAnythingButText()
    {
        var seen = new HashSet<string>();
        var waiting = new Queue<string>(["/", "/people?kind=all", "/findings", "/insights", "/objects", "/integrity", "/trails", "/problems"]);
        var paths = new HashSet<string>();
        while (waiting.TryDequeue(out var address) && seen.Count < MostPages)
        {
            if (!seen.Add(address))
                continue;
            var page = await world.GetAsync(address);
            paths.Add(address.Split('?')[0]);
            foreach (Match link in Link().Matches(page))
                waiting.Enqueue(WebUtility.HtmlDecode(link.Groups["address"].Value));
        }

        Assert.Superset(
            new HashSet<string>
            {
                "/", "/people", "/person", "/findings", "/insights", "/objects", "/object", "/integrity", "/trails", "/problems", "/record",
            },
            paths);
        Assert.True(seen.Count > 100, $"{seen.Count} pages");
    }

    [Fact]
    public async Task EachTextCanBeAskedForAndFindsItsRecords()
    {
        foreach (var text in HostileRecords.Texts)
        {
            var value = Uri.EscapeDataString(text);
            foreach (var field in new[] { "user", "namespace", "name", "source_ip", "rule", "severity", "error" })
            {
                var page = await world.GetAsync($"/?{field}={value}");
                Assert.DoesNotContain("No record matches the filter", page, StringComparison.Ordinal);
            }

            Assert.Contains("First seen", await world.GetAsync($"/person?user={value}"), StringComparison.Ordinal);
        }

        var first = await world.GetAsync($"/person?user={Uri.EscapeDataString(HostileRecords.Texts[0])}");
        Assert.Contains("3 records", Plain(first), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALongTextIsCutAndHasNoLinkAndItsRecordIsShown()
    {
        var page = await world.GetAsync("/?user=xxxx*");

        Assert.InRange(page.Length, 1000, 60_000);
        Assert.Contains(new string('x', 512) + "…", page, StringComparison.Ordinal);
        var record = Link().Matches(page).Select(link => WebUtility.HtmlDecode(link.Groups["address"].Value))
            .First(link => link.Contains("id=hostile-", StringComparison.Ordinal));
        var shown = await world.GetAsync(record);
        Assert.InRange(shown.Length, 1 << 20, (1 << 20) + 200_000);
        Assert.Contains("this is the beginning", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARecordWithHalfACharacterHidesNothing()
    {
        var record = await world.GetAsync("/record?id=half");
        var finding = await world.GetAsync("/record?id=half-2-half-rule");

        // The table has U+FFFD in its place.
        Assert.Matches("\"userName\": \"(\ufffd|\\\\ufffd)\"", Plain(WebUtility.HtmlDecode(record)));
        Assert.Contains("half-rule", finding, StringComparison.Ordinal);
        Assert.Contains("half-rule", await world.GetAsync("/findings"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/?user=a&user=b", "The address has user several times")]
    [InlineData("/?colour=red", "This page knows no parameter colour.")]
    [InlineData("/?since=yesterday", "since yesterday is not a time")]
    [InlineData("/?since=2026-03-02&until=2026-03-01", "The end of the time is not after its beginning")]
    [InlineData("/?source_ip=10.0.0.1/99", "is not a network")]
    [InlineData("/?older=x", "x is not a place in the list")]
    [InlineData("/?older=~x&newer=~y", "give one of them")]
    [InlineData("/record", "The address names no record")]
    [InlineData("/record?number=x", "number x is not a number")]
    [InlineData("/person", "The address names no user")]
    [InlineData("/object?resource=pods", "The address names no object")]
    [InlineData("/people?kind=cats", "kind cats is not known")]
    [InlineData("/?%3Cscript%3E=1", "This page knows no parameter &lt;script&gt;.")]
    public async Task WhatCannotBeAskedIsASentence(string address, string sentence) =>
        Assert.Contains(sentence, await world.GetAsync(address, HttpStatusCode.BadRequest), StringComparison.Ordinal);

    [Theory]
    [InlineData("/none")]
    [InlineData("/%3Cscript%3Ealert(1)%3C/script%3E")]
    [InlineData("/record?id=nothing")]
    [InlineData("/record?id=hostile-1&number=9")]
    public async Task WhatIsNotThereIsASentence(string address) => await world.GetAsync(address, HttpStatusCode.NotFound);

    static string Plain(string html) => Tag().Replace(html, "");

    [GeneratedRegex("<a href=\"(?<address>/[^\"]*)\"")]
    private static partial Regex Link();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}
