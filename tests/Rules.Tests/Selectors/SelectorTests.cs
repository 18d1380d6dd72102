using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Selectors;
using ClusterTrail.Testing;

namespace ClusterTrail.Rules.Tests.Selectors;

public sealed class SelectorTests
{
    static readonly byte[][] Lines = [.. VariedLines()];
    static readonly JsonElement[] Events = [.. Lines.Select(line => JsonDocument.Parse(line).RootElement)];

    readonly JsonIndex index = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RandomSelectorsDecideAsThePolicyOfTheApiServerDoes(int seed)
    {
        var random = new RandomSelectors(seed, Events);
        var chance = new Random(seed);
        var counts = new int[5];
        for (var round = 0; round < 1000; round++)
        {
            var file = random.File();
            var selector = new Selector(file);
            for (var sample = 0; sample < 25; sample++)
            {
                var at = chance.Next(Lines.Length);
                var expected = PolicyOracle.LevelOf(file, Events[at]);

                var actual = Selecting.LevelOf(Lines[at], selector, index);
                Assert.Equal((actual, actual != AuditLevel.None), Selecting.DecidedOf(Lines[at], selector, index));

                counts[(int)actual]++;
                if (expected != actual)
                    Assert.Fail($"{actual} instead of {expected}: {JsonSerializer.Serialize(file)} of {Events[at]}");
            }
        }

        Assert.All(counts, count => Assert.True(count > 200, string.Join(' ', counts)));
    }

    [Fact]
    public void ASetCanOnlyAdd()
    {
        var random = new RandomSelectors(4, Events);
        var chance = new Random(4);
        for (var round = 0; round < 1000; round++)
        {
            var file = random.File();
            var (before, after) = (new Selector(file), new Selector(new() { RuleSets = [.. file.RuleSets, random.Set()] }));
            for (var sample = 0; sample < 25; sample++)
            {
                var line = Lines[chance.Next(Lines.Length)];

                var (level, more) = (Selecting.LevelOf(line, before, index), Selecting.LevelOf(line, after, index));

                Assert.True(more >= level);
            }
        }
    }

    [Theory]
    [InlineData(SelectorLevel.None, "Aggregate")]
    [InlineData(SelectorLevel.Metadata, "Metadata")]
    [InlineData(SelectorLevel.RequestResponse, "RequestResponse")]
    public void WhatAnotherSetRecordsIsRecordedAndNotCounted(SelectorLevel other, string expected)
    {
        RuleSet[] sets =
        [
            new() { Name = "counts", Rules = [new() { Level = SelectorLevel.Metadata, Aggregate = true }] },
            new() { Name = "other", Rules = [new() { Level = other }] },
        ];

        Assert.Equal(expected, $"{Selecting.LevelOf(AuditLine.Of(), new SelectorsFile { RuleSets = sets })}");
        Assert.Equal(expected, $"{Selecting.LevelOf(AuditLine.Of(), new SelectorsFile { RuleSets = [.. sets.Reverse()] })}");
    }

    [Theory]
    [InlineData(SelectorLevel.None, "None")]
    [InlineData(SelectorLevel.Metadata, "Metadata")]
    [InlineData(SelectorLevel.Request, "Request")]
    [InlineData(SelectorLevel.RequestResponse, "Request")]
    public void TheLevelIsAtMostTheEventsOwn(SelectorLevel asked, string expected)
    {
        var line = AuditLine.Of(("level", "\"Request\""));

        var level = Selecting.LevelOf(line, Some.Selectors(new SelectorRule { Level = asked }));

        Assert.Equal(expected, $"{level}");
    }

    [Fact]
    public void TheFirstRuleThatMatchesDecides()
    {
        var selectors = Some.Selectors(
            new() { Level = SelectorLevel.Request, Verbs = ["delete"] },
            new() { Level = SelectorLevel.None, Users = ["ann"] },
            new() { Level = SelectorLevel.RequestResponse });

        Assert.Equal(AuditLevel.Request, Selecting.LevelOf(AuditLine.Of(("verb", "\"delete\"")), selectors));
        Assert.Equal(AuditLevel.None, Selecting.LevelOf(AuditLine.Of(), selectors));
        Assert.Equal(AuditLevel.RequestResponse, Selecting.LevelOf(AuditLine.Of(("user", "{\"username\":\"bob\"}")), selectors));
    }

    [Fact]
    public void WhatNoRuleMatchesIsNotRecorded()
    {
        var selectors = Some.Selectors(new SelectorRule { Level = SelectorLevel.Request, Verbs = ["delete"] });

        Assert.Equal(AuditLevel.None, Selecting.LevelOf(AuditLine.Of(), selectors));
        Assert.Equal(AuditLevel.None, Selecting.LevelOf(AuditLine.Of(), new SelectorsFile { RuleSets = [] }));
    }

    [Fact]
    public void WithoutSelectorsAllIsRecordedAsItComes()
    {
        foreach (var (line, audit) in Lines.Zip(Events))
            Assert.Equal(audit.GetProperty("level").GetString(), $"{Selecting.LevelOf(line, Selector.Everything, index)}");
    }

    [Fact]
    public void TheHighestLevelThatASetAsksForWins()
    {
        var line = AuditLine.Of();
        RuleSet Of(SelectorLevel level) => new() { Name = $"{level}", Rules = [new() { Level = level }] };

        Assert.Equal(AuditLevel.Request, Selecting.LevelOf(line, new() { RuleSets = [Of(SelectorLevel.Metadata), Of(SelectorLevel.Request), Of(SelectorLevel.None)] }));
        Assert.Equal(AuditLevel.RequestResponse, Selecting.LevelOf(line, new() { RuleSets = [Of(SelectorLevel.None), Of(SelectorLevel.RequestResponse)] }));
    }

    [Theory]
    [InlineData("shop", true)]
    [InlineData("other", false)]
    [InlineData("shop-2", false)]
    public void ASetOfANamespaceSelectsThereAlone(string ns, bool selected)
    {
        var file = new SelectorsFile { RuleSets = [new() { Name = "a", Namespace = ns, Rules = [new() { Level = SelectorLevel.Metadata }] }] };

        Assert.Equal(selected, Selecting.LevelOf(AuditLine.Of(), file) != AuditLevel.None);
        Assert.Equal(AuditLevel.None, Selecting.LevelOf(AuditLine.Of(AuditLine.ObjectRef("nodes", ns: "")), file));
        Assert.Equal(AuditLevel.None, Selecting.LevelOf(AuditLine.Of(("objectRef", null)), file));
    }

    [Fact]
    public void StagesAreOmittedByTheSetAndByTheRule()
    {
        var file = new SelectorsFile
        {
            RuleSets =
            [
                new()
                {
                    Name = "a",
                    OmitStages = [AuditStage.RequestReceived],
                    Rules = [new() { Level = SelectorLevel.Request, Verbs = ["get"], OmitStages = [AuditStage.ResponseStarted] }, new() { Level = SelectorLevel.Metadata }],
                },
            ],
        };

        Assert.Equal(AuditLevel.None, Selecting.LevelOf(AuditLine.Of(("stage", "\"RequestReceived\"")), file));
        // The rule that matched decides: an omitted stage does not fall through to the next.
        Assert.Equal(AuditLevel.None, Selecting.LevelOf(AuditLine.Of(("stage", "\"ResponseStarted\"")), file));
        Assert.Equal(AuditLevel.Request, Selecting.LevelOf(AuditLine.Of(("stage", "\"ResponseComplete\"")), file));
        Assert.Equal(AuditLevel.Metadata, Selecting.LevelOf(AuditLine.Of(("stage", "\"ResponseStarted\""), ("verb", "\"watch\"")), file));
        Assert.Equal(AuditLevel.None, Selecting.LevelOf(AuditLine.Of(("stage", "\"RequestReceived\""), ("verb", "\"watch\"")), file));
    }

    [Fact]
    public void AStageThatOneSetOmitsAnotherMaySelect()
    {
        var file = new SelectorsFile
        {
            RuleSets =
            [
                new() { Name = "a", OmitStages = [AuditStage.Panic], Rules = [new() { Level = SelectorLevel.RequestResponse }] },
                new() { Name = "b", Rules = [new() { Level = SelectorLevel.Metadata }] },
            ],
        };

        Assert.Equal(AuditLevel.Metadata, Selecting.LevelOf(AuditLine.Of(("stage", "\"Panic\"")), file));
    }

    /// <summary>Real events, and what a real log of a quiet cluster lacks: subresources, strange users, strange paths.</summary>
    internal static IEnumerable<byte[]> VariedLines()
    {
        var chance = new Random(7);
        foreach (var line in RealLog.Lines.Where((_, at) => at % 20 == 0))
        {
            yield return line;
            var audit = JsonNode.Parse(line)!.AsObject();
            audit.Remove("requestObject");
            audit.Remove("responseObject");
            if (audit["objectRef"] is JsonObject target)
                target[chance.GetItems(["subresource", "resource", "apiGroup", "name", "namespace"], 1)[0]] = chance.GetItems(["pods", "exec", "", "*", "apps", "<x>", "log"], 1)[0];
            else
                audit["requestURI"] = chance.GetItems(["/healthz/etcd", "/", "/%68ealthz", "/api/v1/%2a?x=%20", "/readyz?verbose", "/a%zz"], 1)[0];

            audit["user"] = JsonNode.Parse(chance.GetItems(["{}", """{"username":"nobody"}""", """{"groups":["none"]}""", """{"username":"","groups":["system:masters"]}""", audit["user"]!.ToJsonString()], 1)[0]);
            audit["stage"] = chance.GetItems(["RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"], 1)[0];
            audit["level"] = chance.GetItems(["Metadata", "Request", "RequestResponse"], 1)[0];
            yield return JsonSerializer.SerializeToUtf8Bytes(audit);
        }
    }
}
