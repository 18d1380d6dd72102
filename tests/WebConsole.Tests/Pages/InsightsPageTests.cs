using System.Text.RegularExpressions;

namespace ClusterTrail.WebConsole.Tests.Pages;

/// <summary>Three hours in which somebody gets a lease every second minute, and Ann lists secrets for six of them.</summary>
public sealed class InsightsPageTests : IAsyncLifetime
{
    const int Minutes = 180;
    const int ScanFrom = 120;

    ConsoleWorld world = null!;

    public async ValueTask InitializeAsync() => world = await ConsoleWorld.OpenAsync([.. Events(), Recorded]);

    public ValueTask DisposeAsync() => world.DisposeAsync();

    static string Recorded => new SomeRecord { Id = "found", Verb = "list" }.At(ScanFrom * 60).Finding("unusual-call-rate-start", "medium");

    [Fact]
    public async Task WhatAgentsFoundAndTheBusiestRatesLeadToTheirDrawings()
    {
        var page = await world.GetAsync("/insights");

        Assert.Contains("unusual-call-rate-start", page, StringComparison.Ordinal);
        Assert.Contains("/record?id=found-unusual-call-rate-start", page, StringComparison.Ordinal);
        Assert.Contains("/insights?verb=get&amp;resource=leases", page, StringComparison.Ordinal);
        Assert.Contains("/insights?user=ann", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARateIsDrawnInFrontOfItsBand()
    {
        var page = await world.GetAsync("/insights?verb=get&resource=leases");

        Assert.Contains("Rate of get leases", page, StringComparison.Ordinal);
        Assert.Equal(Minutes / 2, Bars("plain").Count(page));
        Assert.Contains("class=\"band\"", page, StringComparison.Ordinal);
        Assert.Contains("M", Path("usual").Match(page).Value, StringComparison.Ordinal);
        Assert.Contains("There is none in this time.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MinutesAboveTheBandAndTheirStretchAreShown()
    {
        // A stretch has ten minutes here, as the first week is not over.
        var page = await world.GetAsync("/insights?user=ann");

        Assert.Equal(12, Bars("finding").Count(page));
        Assert.Contains("2026-03-01 14:00:00", page, StringComparison.Ordinal);
        Assert.Contains("Calm", page, StringComparison.Ordinal);

        var errors = await world.GetAsync("/insights?user=ann&measure=errors");
        Assert.Equal(0, Bars("finding").Count(errors));
        var before = await world.GetAsync("/insights?user=ann&until=2026-03-01T13:30:00Z");
        Assert.Contains("There is none in this time.", before, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/insights?measure=cats&user=ann", "measure cats is not known")]
    [InlineData("/insights?user=ann&verb=get", "a user and a verb")]
    [InlineData("/insights?user=ann&node=other", "no event of an API server of node other")]
    public async Task WhatIsNotThereIsSaid(string address, string sentence) =>
        Assert.Contains(sentence, await world.GetAsync(address, System.Net.HttpStatusCode.BadRequest), StringComparison.Ordinal);

    [Fact]
    public async Task WithoutEventsThereIsNothingToDraw()
    {
        await using var empty = await ConsoleWorld.OpenAsync([Recorded]);

        Assert.Contains("no rate to draw", await empty.GetAsync("/insights"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatAgentsFoundIsShownAlsoWhereTheirEventsAreOnlyCounted()
    {
        await using var counted = await ConsoleWorld.OpenAsync([Recorded, Counted(40), Counted(2)]);
        await using var some = await ConsoleWorld.OpenAsync([$"{new SomeRecord()}", Counted(7)]);

        var page = await counted.GetAsync("/insights");

        Assert.Contains("unusual-call-rate-start", page, StringComparison.Ordinal);
        Assert.Contains("42 more events are only counted (category Aggregate) and were not looked at", page, StringComparison.Ordinal);
        Assert.Contains("7 more events are only counted", await some.GetAsync("/insights?user=ann"), StringComparison.Ordinal);
        Assert.DoesNotContain("only counted", await world.GetAsync("/insights"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEventOfTheLastMinuteOfTheYear9999HasAPage()
    {
        await using var late = await ConsoleWorld.OpenAsync([$"{new SomeRecord { Time = "9999-12-31T23:59:30.000000Z" }}"]);

        Assert.Contains("Rate of ann", await late.GetAsync("/insights?user=ann"), StringComparison.Ordinal);
    }

    static string Counted(int events) =>
        $$"""
        {"eventVersion":"1.0","eventID":"s-{{events}}-Aggregate","eventTime":"2026-03-01T12:00:01Z","eventCategory":"Aggregate","eventSource":"core","eventName":"get pods","userIdentity":{"type":"User","userName":"ann"},"clusterName":"prod","nodeName":"cp-1","trail":"main","timeWindow":{"windowStart":"2026-03-01T12:00:00Z","windowEnd":"2026-03-01T12:05:00Z","windowSize":"PT5M"},"aggregateDetails":{"count":{{events}},"firstEventTime":"2026-03-01T12:00:01Z","lastEventTime":"2026-03-01T12:00:59Z","firstEventID":"s-1","lastEventID":"s-9","stage":"ResponseComplete","statusCode":200} }
        """;

    static IEnumerable<string> Events()
    {
        for (var minute = 0; minute < Minutes; minute++)
        {
            var lease = new SomeRecord { Id = $"m{minute}", User = "system:node:worker-1", Resource = "leases" };
            yield return $"{(minute % 2 == 0 ? lease : lease with { Verb = "update" }).At(minute * 60)}";
            yield return $"{new SomeRecord { Id = $"a{minute}", Resource = "pods" }.At((minute * 60) + 1)}";
            for (var call = 0; call < 40 && minute is >= ScanFrom and < ScanFrom + 12; call++)
                yield return $"{new SomeRecord { Id = $"s{minute}-{call}", Verb = "list" }.At((minute * 60) + 2)}";
        }
    }

    static Regex Bars(string kind) => new($"<rect [^>]*class=\"{kind}\"");

    static Regex Path(string kind) => new($"<path [^>]*class=\"{kind}\"[^>]*>|<path class=\"{kind}\"[^>]*>");
}
