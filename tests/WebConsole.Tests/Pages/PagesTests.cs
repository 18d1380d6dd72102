using System.Net;
using System.Text.RegularExpressions;
using ClusterTrail.History.Reading;
using ClusterTrail.WebConsole.Sources;

namespace ClusterTrail.WebConsole.Tests.Pages;

public sealed partial class PagesTests : IAsyncLifetime
{
    static readonly SomeRecord Exec = (new SomeRecord
    {
        Id = "exec-1",
        User = "bob",
        Verb = "create",
        Resource = "pods",
        Subresource = "exec",
        Name = "cart-0",
        Status = 101,
    }).At(60);

    ConsoleWorld world = null!;

    static IEnumerable<string> Records =>
    [
        $"{new SomeRecord()}", $"{(new SomeRecord { Id = "r-2", Verb = "list", Name = "other" }).At(20)}",
        $"{(new SomeRecord { Id = "r-3", User = "bob", Address = "192.0.2.7", Status = 403, Error = "Forbidden" }).At(30)}",
        $"{(new SomeRecord { Id = "r-4", ActingAs = "root", Verb = "patch", Resource = "deployments", Group = "apps", Name = "web" }).At(40)}",
        $"{(new SomeRecord { Id = "r-5", User = "system:node:worker-1", Verb = "watch", Resource = "pods" }).At(7200)}",
        $"{Exec}", Exec.Finding("pod-exec", "high"), Exec.At(61).Process("/bin/sh", "sh", "-c", "id"),
    ];

    public async ValueTask InitializeAsync() => world = await ConsoleWorld.OpenAsync(Records);

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Theory]
    [InlineData("", "r-1 r-2 r-3 r-4 r-5 exec-1 exec-1-pod-exec exec-1-process")]
    [InlineData("user=ann", "r-1 r-2 r-4")]
    [InlineData("user=root", "r-4")]
    [InlineData("user=system:*", "r-5")]
    [InlineData("verb=list", "r-2")]
    [InlineData("resource=secrets", "r-1 r-2 r-3")]
    [InlineData("resource=pods", "r-5 exec-1 exec-1-pod-exec exec-1-process")]
    [InlineData("resource=pods/exec", "exec-1 exec-1-pod-exec exec-1-process")]
    [InlineData("resource=deployments.apps", "r-4")]
    [InlineData("resource=deployments.batch", "")]
    [InlineData("name=db-*&namespace=shop", "r-1 r-3 r-5")]
    [InlineData("source_ip=192.0.2.7", "r-3")]
    [InlineData("source_ip=::ffff:192.0.2.7", "r-3")]
    [InlineData("source_ip=::FFFF:c000:207", "r-3")]
    [InlineData("source_ip=::ffff:192.0.2.0/120", "r-3")]
    [InlineData("source_ip=192.0.2.0/24", "r-3")]
    [InlineData("source_ip=198.51.100.0/24", "")]
    [InlineData("source_ip=10.1.*", "r-1 r-2 r-4 r-5 exec-1 exec-1-pod-exec")]
    [InlineData("error=*", "r-3")]
    [InlineData("error=403", "r-3")]
    [InlineData("error=Forbidden", "r-3")]
    [InlineData("rule=pod-*", "exec-1-pod-exec")]
    [InlineData("severity=high&category=Insight", "exec-1-pod-exec")]
    [InlineData("audit_id=audit-r-2", "r-2")]
    [InlineData("since=2026-03-01T12:00:20Z&until=2026-03-01T12:00:30Z", "r-2")]
    [InlineData("since=2026-03-01 12:00:30&until=2026-03-01 12:00:41", "r-3 r-4")]
    [InlineData("user=ann&verb=&since=", "r-1 r-2 r-4")]
    public async Task AFilterFindsItsRecords(string query, string ids)
    {
        var page = await world.GetAsync($"/?{query}");

        Assert.Equal(ids.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(), Ids(page).Order());
        Assert.Equal(ids.Length == 0, page.Contains("No record matches the filter.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TheBarsLeadToTheirTime()
    {
        var page = await world.GetAsync("/?user=bob");

        var bars = Bar().Matches(page)
            .Select(bar => (Address: WebUtility.HtmlDecode(bar.Groups["address"].Value), Label: bar.Groups["label"].Value)).ToList();
        Assert.Contains(bars, bar => bar.Label.EndsWith("1 failed, 1 finding", StringComparison.Ordinal));
        var shown = new List<string>();
        foreach (var (address, _) in bars)
            shown.AddRange(Ids(await world.GetAsync(address)));
        Assert.Equal(["exec-1", "exec-1-pod-exec", "exec-1-process", "r-3"], shown.Order());
    }

    [Fact]
    public async Task ARecordHasItsFieldsItsNeighboursAndItsEvidence()
    {
        var page = await world.GetAsync("/record?id=exec-1&trail=main");

        var text = Plain(page);
        Assert.Contains("create pods/exec shop/cart-0", text, StringComparison.Ordinal);
        Assert.Contains("developers, system:authenticated", text, StringComparison.Ordinal);
        Assert.Contains("\"auditID\": \"audit-exec-1\"", text, StringComparison.Ordinal);
        Assert.Contains("Findings about it, and what it started", text, StringComparison.Ordinal);
        Assert.Superset(new HashSet<string> { "exec-1-pod-exec", "exec-1-process", "r-3" }, Ids(page).ToHashSet());
        Assert.Contains("4 records by bob", text, StringComparison.Ordinal);
        Assert.Contains("events/cluster=prod/trail=main/date=2026-03-01/", text, StringComparison.Ordinal);
        Assert.Contains("Not verified: start the console with --keys", text, StringComparison.Ordinal);
        Assert.Contains(
            "kubectl trail verify ./archive --keys operator.pub.pem --cluster prod --trail main --node cp-1", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exec-1-pod-exec", "Evidence")]
    [InlineData("exec-1-process", "Started by")]
    public async Task EvidenceLeadsToTheRecord(string id, string heading)
    {
        var page = await world.GetAsync($"/record?id={id}");

        Assert.Contains($"<h2>{heading}</h2>", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/record?id=exec-1&amp;trail=main&amp;near=2026-03-01T12%3A01%3A", page, StringComparison.Ordinal);
        Assert.Contains("audit-exec-1", await world.GetAsync("/record?id=exec-1&near=2026-03-01T13:00:00Z"), StringComparison.Ordinal);
        Assert.Contains("audit-exec-1", await world.GetAsync("/record?id=exec-1&near=2020-03-01T13:00:00Z"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PeopleAreCountedAndMachinesStandApart()
    {
        var (people, machines) = (Plain(await world.GetAsync("/people")), Plain(await world.GetAsync("/people?kind=machines")));

        Assert.Contains("2 users.", people, StringComparison.Ordinal);
        Assert.DoesNotContain("system:node:worker-1", people, StringComparison.Ordinal);
        Assert.Contains("system:node:worker-1", machines, StringComparison.Ordinal);
        Assert.Contains("ann", Plain(await world.GetAsync("/people?user=a*")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task APersonHasAddressesSecretsAndImpersonations()
    {
        var text = Plain(await world.GetAsync("/person?user=ann"));

        foreach (var expected in new[] { "First seen", "Addresses", "10.1.2.3", "Secrets read", "shop/db-password", "Impersonations", "root" })
            Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.Contains("Impersonations", Plain(await world.GetAsync("/person?user=root")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindingsLeadDownToTheirEvents()
    {
        var page = await world.GetAsync("/findings");

        Assert.Contains("Somebody ran a command in a pod.", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/findings?rule=pod-exec\"", page, StringComparison.Ordinal);
        Assert.Equal(["exec-1-pod-exec"], Ids(await world.GetAsync("/findings?rule=pod-exec")));
        Assert.Contains("No rule fired", await world.GetAsync("/findings?severity=low"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnObjectHasAllThatHappenedToIt()
    {
        var objects = await world.GetAsync("/objects?resource=deployments.apps");
        var page = await world.GetAsync("/object?group=apps&resource=deployments&namespace=shop&name=web");

        Assert.Contains(
            "href=\"/object?group=apps&amp;resource=deployments&amp;namespace=shop&amp;name=web\"", objects, StringComparison.Ordinal);
        Assert.Equal(["r-4"], Ids(page));
        Assert.Empty(Ids(await world.GetAsync("/object?resource=deployments&namespace=shop&name=web")));
        Assert.Equal(
            ["exec-1", "exec-1-pod-exec", "exec-1-process"],
            Ids(await world.GetAsync("/object?resource=pods&namespace=shop&name=cart-0")).Order());
    }

    [Fact]
    public async Task WhatCouldNotBeReadIsOnTopOfEveryPage()
    {
        await using var damaged = await ConsoleWorld.OpenAsync(["{}", "no record", "{\"eventID\":\"x\"}"]);

        Assert.Contains("One thing could not be read", await damaged.GetAsync("/people"), StringComparison.Ordinal);
        Assert.Contains("not JSON", await damaged.GetAsync("/problems"), StringComparison.Ordinal);
        Assert.DoesNotContain("could not be read", await world.GetAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEmptyArchiveIsASentenceOnEveryPage()
    {
        await using var empty = await ConsoleWorld.OpenAsync([]);

        Assert.Contains("There is no record here.", await empty.GetAsync("/"), StringComparison.Ordinal);
        Assert.Contains("No user matches", await empty.GetAsync("/people"), StringComparison.Ordinal);
        Assert.Contains("No rule fired", await empty.GetAsync("/findings"), StringComparison.Ordinal);
        Assert.Contains("No object matches", await empty.GetAsync("/objects"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrailsAreWhatTheClusterSaysOrASentence()
    {
        TrailsStatus status = new("prod at https://192.0.2.1", [new("Trail main: Ready", [new("conditions", [new("Ready  True", [])])])], []);
        await using var known = await ConsoleWorld.OpenAsync(Records, archive => archive with { Trails = _ => Task.FromResult(status) });
        await using var unreachable = await ConsoleWorld.OpenAsync(Records, archive => archive with
        {
            Trails = _ => throw new TrailException(ExitCode.Unreadable, "The cluster <prod> cannot be reached"),
        });

        Assert.Contains("Trail main: Ready", await known.GetAsync("/trails"), StringComparison.Ordinal);
        Assert.Contains("The cluster &lt;prod&gt; cannot be reached.", await unreachable.GetAsync("/trails"), StringComparison.Ordinal);
        Assert.Contains("No cluster is known here", await world.GetAsync("/trails"), StringComparison.Ordinal);
    }

    static IEnumerable<string> Ids(string page) => RecordLink().Matches(page)
        .Select(link => Uri.UnescapeDataString(link.Groups["id"].Value)).Distinct();

    static string Plain(string html) => WebUtility.HtmlDecode(Tag().Replace(html, ""));

    [GeneratedRegex("<a href=\"/record\\?id=(?<id>[^&\"]*)[^\"]*\" class=\"time\"")]
    private static partial Regex RecordLink();

    [GeneratedRegex("<a href=\"(?<address>[^\"]*)\" aria-label=\"(?<label>[^\"]* records?[^\"]*)\"")]
    private static partial Regex Bar();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}
