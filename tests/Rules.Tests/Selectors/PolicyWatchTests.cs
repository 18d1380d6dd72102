using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Selectors;
using ClusterTrail.Testing;

namespace ClusterTrail.Rules.Tests.Selectors;

public sealed class PolicyWatchTests
{
    static readonly SelectorRule ConfigMaps = new()
    {
        Level = SelectorLevel.Request,
        Resources = [new() { Resources = ["configmaps", "pods/*"] }],
    };

    static readonly SelectorRule Privileged = new()
    {
        Level = SelectorLevel.Metadata,
        Resources = [new() { Resources = ["pods"] }],
        Fields = [new() { Path = "requestObject.spec.hostPID", Operator = FieldOperator.Equals, Values = ["true"] }],
    };

    readonly JsonIndex index = new();

    [Fact]
    public void AnEventBelowItsRulesLevelIsNoted()
    {
        var kind = Assert.Single(Watch(ConfigMaps, Event("Metadata", "update", "configmaps")).Kinds);

        Assert.Equal(
            (0, false, "update", "", "configmaps", AuditLevel.Metadata, AuditLevel.Request, 1L, 0L),
            (kind.Rule, kind.IsUndecided, kind.Verb, kind.Group, kind.Resource, kind.Arrives, kind.Asked, kind.Below, kind.Enough));
    }

    [Theory]
    [InlineData("Request", "update", "configmaps", null, "200", "ResponseComplete")]
    [InlineData("RequestResponse", "update", "configmaps", null, "200", "ResponseComplete")]
    [InlineData("Metadata", "get", "configmaps", null, "200", "ResponseComplete")]
    [InlineData("Metadata", "list", "configmaps", null, "200", "ResponseComplete")]
    [InlineData("Metadata", "watch", "configmaps", null, "200", "ResponseComplete")]
    [InlineData("Metadata", "create", "pods", "exec", "101", "ResponseComplete")]
    [InlineData("Metadata", "create", "pods", "portforward", "200", "ResponseComplete")]
    [InlineData("Metadata", "update", "configmaps", null, "403", "ResponseComplete")]
    [InlineData("Metadata", "update", "configmaps", null, "404", "ResponseComplete")]
    [InlineData("Metadata", "update", "configmaps", null, "200", "RequestReceived")]
    [InlineData("Metadata", "update", "secrets", null, "200", "ResponseComplete")]
    public void WhereNothingIsLostNothingIsNoted(string level, string verb, string resource, string? subresource, string code, string stage) =>
        Assert.Empty(Watch(ConfigMaps, Event(level, verb, resource, subresource, code, stage)).Kinds);

    [Fact]
    public void ReadsLackWhatTheyAnswer()
    {
        var rule = ConfigMaps with { Level = SelectorLevel.RequestResponse };

        Assert.Equal(AuditLevel.RequestResponse, Assert.Single(Watch(rule, Event("Request", "get", "configmaps")).Kinds).Asked);
    }

    [Fact]
    public void ARuleThatTakesEverythingTakesItAsItComes()
    {
        var watch = Watch(new() { Level = SelectorLevel.RequestResponse }, Event("Metadata", "update", "configmaps"));

        Assert.Empty(watch.Kinds);
        Assert.Equal((0, 0L), (watch.Selector.RulesThatNeedBodies, watch.Events));
    }

    [Fact]
    public void ARuleWhoseConditionsLackTheirBodyIsUndecided()
    {
        var kind = Assert.Single(Watch(Privileged, Event("Metadata", "create", "pods")).Kinds);

        Assert.Equal((true, AuditLevel.Request, 1L), (kind.IsUndecided, kind.Asked, kind.Below));
        Assert.Empty(Watch(Privileged, Event("Request", "create", "pods")).Kinds);
        Assert.Empty(Watch(Privileged, Event("Metadata", "get", "pods")).Kinds);
    }

    [Fact]
    public void AConditionThatFailsForAnotherReasonLacksNothing()
    {
        var ofBob = Privileged with
        {
            Fields = [.. Privileged.Fields, new() { Path = "user.username", Operator = FieldOperator.Equals, Values = ["bob"] }],
        };

        Assert.Empty(Watch(ofBob, Event("Metadata", "create", "pods")).Kinds);
    }

    [Fact]
    public void ARuleThatExcludesLacksNothing() =>
        Assert.Empty(Watch(Privileged with { Level = SelectorLevel.None }, Event("Metadata", "create", "pods")).Kinds);

    [Fact]
    public void WhatArrivesWholeAfterwardsIsCountedBeside()
    {
        var watch = Watch(ConfigMaps, Event("Metadata", "update", "configmaps"), Event("Request", "update", "configmaps"));

        Assert.Equal((1L, 1L), (watch.Kinds[0].Below, watch.Kinds[0].Enough));
        Assert.Equal((2L, 1L, 0L), (watch.Events, watch.Below(AuditLevel.Request, isUndecided: false), watch.Others));
    }

    [Fact]
    public void ConditionsThatCouldBeEvaluatedAfterwardsAreCountedBeside()
    {
        var watch = Watch(Privileged, Event("Metadata", "create", "pods"), Event("Request", "create", "pods"));

        Assert.Equal((1L, 1L), (watch.Kinds[0].Below, watch.Kinds[0].Enough));
    }

    [Fact]
    public void ALaterSetIsAskedTooWhereItAsksForMore()
    {
        var selector = new Selector(new()
        {
            RuleSets =
            [
                new() { Name = "main", Rules = [new() { Level = SelectorLevel.Metadata }] },
                new() { Name = "shop/a", Namespace = "shop", Rules = [ConfigMaps] },
            ],
        });
        var watch = new PolicyWatch(selector);

        Assert.Equal(AuditLevel.Metadata, Select(watch, Event("Metadata", "update", "configmaps")));

        Assert.Equal("shop/a", selector.Place(Assert.Single(watch.Kinds).Rule).Set.Name);
    }

    [Fact]
    public void NamesThatNobodyCanHaveTakeNoRoom()
    {
        var all = ConfigMaps with { Resources = [new() { Group = "*" }] };

        var watch = Watch(all, Event("Metadata", "update", "config\\u0001maps"), Event("Metadata", "update", new('x', 300)));

        Assert.Empty(watch.Kinds);
        Assert.Equal(2, watch.Others);
    }

    [Fact]
    public void ManyKindsAreCountedTogether()
    {
        var all = ConfigMaps with { Resources = [new() { Group = "*" }] };

        var watch = Watch(all, [.. Enumerable.Range(0, 100).Select(number => Event("Metadata", "update", $"r{number}"))]);

        Assert.Equal((PolicyRoom.Most, 100 - PolicyRoom.Most), (watch.Kinds.Count, watch.Others));
    }

    [Fact]
    public void AChangeOfOtherSetsForgetsNothing()
    {
        var before = Watch(ConfigMaps, Event("Metadata", "update", "configmaps"));
        var other = new RuleSet { Name = "a/b", Namespace = "a", Rules = [new() { Level = SelectorLevel.Metadata }] };

        var after = new PolicyWatch(new(new() { RuleSets = [other, .. Some.Selectors(ConfigMaps).RuleSets] }), before);
        var changed = new PolicyWatch(new(Some.Selectors(ConfigMaps with { Verbs = ["create"] })), before);

        Assert.Equal((1, "configmaps"), (after.Kinds[0].Rule, after.Kinds[0].Resource));
        Assert.Empty(changed.Kinds);
    }

    [Fact]
    public void WatchingChangesNoLevel()
    {
        var random = new Random(7);
        var events = RealLog.Lines.Where((_, at) => at % 7 == 0).ToList();
        var parsed = events.Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement).ToArray();
        var selectors = new RandomSelectors(7, parsed);
        for (var round = 0; round < 300; round++)
        {
            var watch = new PolicyWatch(new(selectors.File()));
            for (var sample = 0; sample < 20; sample++)
            {
                var line = events[random.Next(events.Count)];
                Assert.Equal(Selecting.LevelOf(line, watch.Selector, index), Select(watch, line));
            }
        }
    }

    [Fact]
    public void ATeamsTrailSelectorDoesNotTakeTheRoomOfTheTrailsRules()
    {
        // As many rules as a TrailSelector may have.
        var rules = Enumerable.Range(0, 50).Select(at => Privileged with
        {
            Fields = [new() { Path = $"requestObject.spec.field{at}", Operator = FieldOperator.Exists }],
        });
        var selector = new Selector(new()
        {
            RuleSets =
            [
                new() { Name = "main", Rules = [ConfigMaps, new() { Level = SelectorLevel.Metadata }] },
                new() { Name = "shop/a", Namespace = "shop", Rules = [.. rules] },
            ],
        });
        var watch = new PolicyWatch(selector);
        Select(watch, Event("Metadata", "create", "pods"));
        Select(watch, Event("Metadata", "update", "pods"));

        Select(watch, Event("Metadata", "update", "configmaps"));

        Assert.Contains(watch.Kinds, kind => kind.Resource == "configmaps");
        Assert.Equal(PolicyRoom.MostOfOne, watch.Kinds.Count(kind => selector.Place(kind.Rule).Set.Name == "shop/a"));
        Assert.Equal(100 - PolicyRoom.MostOfOne, watch.Others);
    }

    [Fact]
    public void ManyTeamsLeaveHalfOfTheRoomToTheTrail()
    {
        var teams = Enumerable.Range(0, 9).Select(at => new RuleSet
        {
            Name = $"shop/{at}",
            Namespace = "shop",
            Rules = [new() { Level = SelectorLevel.RequestResponse, Resources = [new() { Group = "*" }] }],
        });
        var own = ConfigMaps with { Resources = [new() { Group = "*" }] };
        var watch = new PolicyWatch(new(new() { RuleSets = [new() { Name = "main", Rules = [own] }, .. teams] }));

        for (var number = 0; number < 100; number++)
            Select(watch, Event("Metadata", "update", $"r{number}"));

        Assert.Equal(
            [PolicyRoom.Most - PolicyRoom.MostAttached, 4, 4, 4, 4, 4, 3, 3, 3, 3],
            watch.Kinds.CountBy(kind => kind.Rule).OrderBy(one => one.Key).Select(one => one.Value));
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("deletecollection")]
    public void ADeleteHasNoSpecSoNothingIsUndecided(string verb) =>
        Assert.Empty(Watch(Privileged, Event("Metadata", verb, "pods")).Kinds);

    [Theory]
    [InlineData("object.metadata.labels.app", FieldOperator.Exists, 0)]
    [InlineData("podSpec.hostPID", FieldOperator.Exists, 0)]
    [InlineData("container.image", FieldOperator.Exists, 0)]
    [InlineData("requestObject.propagationPolicy", FieldOperator.Exists, 1)]
    [InlineData("requestObject.preconditions.uid", FieldOperator.Exists, 1)]
    [InlineData("requestObject", FieldOperator.Exists, 1)]
    [InlineData("requestObject[*]", FieldOperator.Exists, 1)]
    [InlineData("requestObject.spec.hostPID", FieldOperator.NotEquals, 1)]
    [InlineData("responseObject.spec.hostPID", FieldOperator.Exists, 1)]
    public void OfADeleteOnlyItsOptionsCanBeUndecided(string path, FieldOperator condition, int kinds)
    {
        var rule = Privileged with
        {
            Fields = [new() { Path = path, Operator = condition, Values = condition == FieldOperator.Exists ? [] : ["true"] }],
        };

        Assert.Equal(kinds, Watch(rule, Event("Metadata", "delete", "pods")).Kinds.Count);
        Assert.Single(Watch(rule, Event("Metadata", "create", "pods")).Kinds);
    }

    [Fact]
    public void AnEventWhoseBodiesTheApiServerCutDidNotArriveWithAll()
    {
        var cut = AuditLine.Of(
            ("level", "\"Request\""), ("verb", "\"create\""), AuditLine.ObjectRef("pods"),
            ("annotations", """{"audit.k8s.io/truncated":"true"}"""));

        var watch = Watch(Privileged, Event("Metadata", "create", "pods"), cut);

        Assert.Equal(AuditLevel.None, Select(watch, cut));
        Assert.Equal((0L, 3L, true), (watch.Kinds[0].Enough, watch.Kinds[0].Below, watch.Kinds[0].IsCut));
        Assert.Equal((AuditLevel.Metadata, AuditLevel.Request), (watch.Kinds[0].Arrives, watch.Kinds[0].Asked));
    }

    PolicyWatch Watch(SelectorRule rule, params byte[][] lines)
    {
        var watch = new PolicyWatch(new(Some.Selectors(rule)));
        foreach (var line in lines)
            Select(watch, line);
        return watch;
    }

    AuditLevel Select(PolicyWatch watch, byte[] line)
    {
        Assert.True(AuditEvent.TryParse(line, index, out var audit, out _));
        return watch.Selector.Select(audit, watch);
    }

    static byte[] Event(
        string level, string verb, string resource, string? subresource = null, string code = "200", string stage = "ResponseComplete") =>
        AuditLine.Of(
            ("level", $"\"{level}\""), ("verb", $"\"{verb}\""), ("stage", $"\"{stage}\""), AuditLine.ObjectRef(resource, subresource),
            ("responseStatus", $$"""{"code":{{code}}}"""));
}
