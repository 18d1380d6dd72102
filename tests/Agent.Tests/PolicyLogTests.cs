using ClusterTrail.Agent.Files;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Agent.Tests.Telemetry;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Contract.Status;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Selectors;
using ClusterTrail.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests;

public sealed class PolicyLogTests : IDisposable
{
    static readonly Selector Selector = new(Some.Selectors(
        new() { Level = SelectorLevel.None, Users = ["nobody"] },
        new() { Level = SelectorLevel.Request, Resources = [new() { Resources = ["configmaps"] }] }));

    readonly ManualTime time = new();
    readonly AgentMetrics metrics = new(new("0.1.0", "test"));
    readonly JsonIndex index = new();
    readonly PolicyLog log;
    readonly SourcePolicy source;

    public PolicyLogTests()
    {
        log = new(new(metrics.Meter), time);
        source = log.ForSource(Some.Selecting(Selector, time));
    }

    public void Dispose() => metrics.Dispose();

    [Fact]
    public void WhatARuleLacksIsReported()
    {
        See("Metadata");
        See("Metadata");
        time.Advance(TimeSpan.FromSeconds(30));

        var expected = new PolicyShortfall
        {
            RuleSet = "main",
            Rule = 1,
            Verb = "update",
            Group = "",
            Resource = "configmaps",
            Arrives = SelectorLevel.Metadata,
            Asked = SelectorLevel.Request,
            Undecided = false,
            Events = 2,
        };
        Assert.Equal(expected, Assert.Single(Status.Shortfalls));
        Assert.Equal((30, 1, 2, 0), (Status.ObservedSeconds, Status.Rules, Status.Events, Status.Others));
    }

    [Fact]
    public void AfterAnHourOfWholeEventsNothingIsLacking()
    {
        See("Metadata");
        time.Advance(TimeSpan.FromMinutes(59));
        See("Request");
        Assert.Single(Status.Shortfalls);

        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Empty(Status.Shortfalls);
        See("Metadata");
        Assert.Single(Status.Shortfalls);
    }

    [Fact]
    public void WhatIsLackingForSomeWhoAskGoesOn()
    {
        for (var minutes = 0; minutes < 300; minutes += 10)
        {
            See(minutes % 50 == 0 ? "Metadata" : "Request");
            Assert.Single(Status.Shortfalls);
            time.Advance(TimeSpan.FromMinutes(10));
        }
    }

    [Fact]
    public void ASilentKindIsToldForADay()
    {
        See("Metadata");
        time.Advance(TimeSpan.FromHours(23));
        Assert.Single(Status.Shortfalls);

        time.Advance(TimeSpan.FromHours(1));

        Assert.Empty(Status.Shortfalls);
    }

    [Fact]
    public void AnotherRuleLacksNothingYet()
    {
        See("Metadata");

        Assert.Empty(log.StatusOf(new(Some.Selectors(new SelectorRule { Level = SelectorLevel.Metadata })))!.Shortfalls);
        Assert.Single(log.StatusOf(new(new() { RuleSets = [.. Selector.Sets] }))!.Shortfalls);
    }

    [Fact]
    public void WithNewSelectorsAKindThatIsWholeNowIsStillKnown()
    {
        using var folder = new TemporaryFolder();
        var content = Selector;
        File.WriteAllText(folder.Join("selectors.json"), "1");
        var file = new ReloadedFile<Selector>(folder.Join("selectors.json"), (_, _) => content, _ => { }, time, NullLogger.Instance);
        var changing = log.ForSource(file);
        See("Metadata", changing);
        content = new(new() { RuleSets = [new() { Name = "a/b", Namespace = "a", Rules = [] }, .. Selector.Sets] });
        File.WriteAllText(folder.Join("selectors.json"), "2");
        file.Look();
        time.Advance(TimeSpan.FromSeconds(1));

        See("Request", changing);
        time.Advance(TimeSpan.FromHours(1));

        Assert.Equal("main", content.Place(1).Set.Name);
        Assert.Empty(log.StatusOf(content)!.Shortfalls);
    }

    [Fact]
    public void ManyKindsOfManySourcesAreCountedTogether()
    {
        var all = new Selector(Some.Selectors(
            new SelectorRule { Level = SelectorLevel.Request, Resources = [new() { Group = "*" }], Verbs = ["update"] }));
        SourcePolicy[] sources = [log.ForSource(Some.Selecting(all, time)), log.ForSource(Some.Selecting(all, time))];
        for (var number = 0; number < 100; number++)
            See("Metadata", sources[number % 2], $"r{number}");

        var status = log.StatusOf(all)!;

        Assert.Equal((PolicyStatus.MostShortfalls, 100 - PolicyStatus.MostShortfalls), (status.Shortfalls.Count, status.Others));
    }

    [Fact]
    public void WhatATeamLacksLeavesRoomToTheTrail()
    {
        SelectorRule rule = new() { Level = SelectorLevel.Request, Resources = [new() { Group = "*" }], Verbs = ["update"] };
        var team = new Selector(new() { RuleSets = [.. Selector.Sets, new() { Name = "shop/a", Namespace = "shop", Rules = [rule] }] });
        SourcePolicy[] sources = [log.ForSource(Some.Selecting(team, time)), log.ForSource(Some.Selecting(team, time))];
        for (var number = 0; number < 100; number++)
            See("Metadata", sources[number % 2], $"r{number}");

        See("Metadata", sources[0]);

        Assert.Equal(
            [("main", 1), ("shop/a", PolicyRoom.MostOfOne)],
            log.StatusOf(team)!.Shortfalls.CountBy(one => one.RuleSet).OrderBy(one => one.Key).Select(one => (one.Key, one.Value)));
    }

    [Fact]
    public void WithoutASourceWithLevelsNothingIsSaid() => Assert.Null(new PolicyLog(new(metrics.Meter), time).StatusOf(Selector));

    [Fact]
    public void WhatIsLackingIsCounted()
    {
        See("Metadata");
        See("Request");

        Assert.Equal(
            [
                "clustertrail_selectors_below_level_total{asked=\"Request\",effect=\"BodyMissing\"} 1",
                "clustertrail_selectors_below_level_total{asked=\"Request\",effect=\"RuleUndecided\"} 0",
                "clustertrail_selectors_below_level_total{asked=\"RequestResponse\",effect=\"BodyMissing\"} 0",
                "clustertrail_selectors_below_level_total{asked=\"RequestResponse\",effect=\"RuleUndecided\"} 0",
            ],
            metrics.Collector.Samples("clustertrail_selectors_below_level_total").Order());
    }

    PolicyStatus Status => log.StatusOf(Selector)!;

    void See(string level, SourcePolicy? policy = null, string resource = "configmaps")
    {
        var line = AuditLine.Of(("level", $"\"{level}\""), ("verb", "\"update\""), AuditLine.ObjectRef(resource));
        Assert.True(AuditEvent.TryParse(line, index, out var audit, out _));
        (policy ?? source).Select(audit);
        (policy ?? source).ReportCounts();
    }
}
