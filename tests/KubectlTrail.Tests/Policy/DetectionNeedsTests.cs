using System.Text.Json.Nodes;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Kubectl.Detections;
using ClusterTrail.Trails.Policies;

namespace ClusterTrail.Kubectl.Tests.Policy;

public sealed class DetectionNeedsTests
{
    const int Cases = 500;
    const int RequestsOfCase = 60;

    static readonly RuleSet Nothing = new() { Name = "main", Rules = [new() { Level = SelectorLevel.None }] };
    static readonly RuleSet Everything = new() { Name = "main", Rules = [new() { Level = SelectorLevel.Metadata }] };

    [Fact]
    public void NoRequestIsGivenLessThanADetectionNeedsOrASetAsks()
    {
        var needing = 0;
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new RandomPolicies(seed);
            var (sets, detections) = (random.Sets(), new[] { random.Detection(), random.Detection(), random.Detection() });
            var policy = AuditPolicy.Of(sets, DetectionNeeds.Of(detections));

            foreach (var request in Enumerable.Range(0, RequestsOfCase).Select(_ => random.Request()))
            {
                var (asked, needed) = (Oracle.Asked(sets, request), detections.Max(detection => Oracle.Needed(detection, request)));
                needing += needed > asked ? 1 : 0;

                var given = Oracle.Given(policy, request);
                Assert.True(given >= asked && given >= needed,
                    $"Seed {seed}: {request} is given {given}; {asked} is asked, and {needed} is needed.");
            }
        }

        Assert.True(needing > Cases * RequestsOfCase / 50, $"Only {needing} requests were needed: the test tries too little.");
    }

    [Fact]
    public void BodiesOfSecretsAreNeverAskedForByDetections()
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new RandomPolicies(seed);
            var policy = AuditPolicy.Of([Everything], DetectionNeeds.Of([random.Detection(), random.Detection(), random.Detection()]));

            foreach (var request in Enumerable.Range(0, RequestsOfCase).Select(_ =>
                random.Request() with { Resource = "secrets", Group = "" }))
            {
                Assert.True(Oracle.Given(policy, request) <= SelectorLevel.Metadata, $"Seed {seed}: {request} is given its bodies.");
            }
        }
    }

    [Theory]
    [InlineData("baseline")]
    [InlineData("falco-parity")]
    [InlineData("activity")]
    public void ARuleOfAPackFiresOnWhatThePolicyLeavesOfItsEvents(string pack)
    {
        var detections = new DetectionsFile { Packs = [pack] }.Effective();
        var needs = DetectionNeeds.Of(detections);
        foreach (var set in new[] { Nothing, Everything })
        {
            var policy = AuditPolicy.Of([set], needs);
            var names = detections.Select(rule => rule.Name).ToHashSet();
            var rules = TestedRule.OfPacks()
                .Where(rule =>
                    names.Contains(rule.Rule.Name)
                        && !needs.Notes.Any(note => note.StartsWith($"{rule.Rule.Name} ", StringComparison.Ordinal)))
                .ToList();

            var failures = rules.SelectMany(rule =>
                rule.Tests.SelectMany(tests =>
                    tests.Fires.Select(one => Left(policy, tests, one)).SelectMany(left => new RuleCheck(rule.Rule, left).Failures())));

            Assert.NotEmpty(rules);
            Assert.Empty(failures);
        }
    }

    [Fact]
    public void ARuleOnProcessesNeedsNothingOfThePolicy()
    {
        var needs = DetectionNeeds.Of(new DetectionsFile { Packs = ["processes"] }.Effective());

        Assert.Empty(needs.Among([]));
        Assert.Empty(needs.Notes);
    }

    [Fact]
    public void ADetectionThatLooksIntoSecretsIsToldOf()
    {
        var rule = new DetectionRule
        {
            Name = "token-created",
            Severity = DetectionSeverity.Low,
            Group = "identity",
            Description = "A token.",
            Match = new()
            {
                Verbs = ["create"],
                Resources = [new() { Resources = ["configmaps", "secrets"] }],
                Fields = [new() { Path = "requestObject.type", Operator = FieldOperator.Exists }],
            },
        };

        var policy = AuditPolicy.Of([Nothing], DetectionNeeds.Of([rule]));

        Assert.StartsWith("token-created evaluates the bodies of Secrets", Assert.Single(policy.Notes), StringComparison.Ordinal);
        Assert.Contains("\n# token-created evaluates", PolicyText.Write(policy), StringComparison.Ordinal);
        Assert.Equal([("configmaps", SelectorLevel.Request), ("secrets", SelectorLevel.Metadata)],
            policy.Rules.Where(one => one.For.Count > 0).Select(one => (one.Rule.Resources[0].Resources[0], one.Rule.Level)));
    }

    [Fact]
    public void WhatSelectorsGiveAnywayIsNotSaidAgain()
    {
        var all = new RuleSet { Name = "main", Rules = [new() { Level = SelectorLevel.RequestResponse }] };

        var policy = AuditPolicy.Of([all], DetectionNeeds.Of(new DetectionsFile { Packs = ["baseline"] }.Effective()));

        Assert.Equal("main", Assert.Single(policy.Rules).Of);
    }

    // The case's events as an API server with this policy writes them.
    static RuleTests Left(AuditPolicy policy, RuleTests tests, RuleTestCase one)
    {
        var events = one.Events.Distinct().ToDictionary(name => name, name =>
            Left(policy, one.With is { } patch ? MergePatch.Apply(tests.Events[name], patch) : tests.Events[name]));
        IReadOnlyList<string> left = [.. one.Events.Where(name => events[name] is not null)];
        Assert.True(left.Count > 0, $"{tests.Rule}: {one.Name}: the policy leaves no event.");
        return tests with
        {
            Events = events.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!),
            Fires = [one with { Events = left, With = null }],
            Silent = [],
            NotEvaluable = [],
        };
    }

    static JsonObject? Left(AuditPolicy policy, JsonObject audit)
    {
        var given = Oracle.Given(policy, RequestOf(audit));
        if (given == SelectorLevel.None)
            return null;
        var left = audit.DeepClone().AsObject();
        var level = (SelectorLevel)Math.Min((int)given, (int)Enum.Parse<SelectorLevel>($"{audit["level"]}"));
        left["level"] = $"{level}";
        if (level < SelectorLevel.RequestResponse)
            left.Remove("responseObject");
        if (level < SelectorLevel.Request)
            left.Remove("requestObject");
        return left;
    }

    static Request RequestOf(JsonObject audit)
    {
        var target = audit["objectRef"];
        var subresource = Text(target?["subresource"]);
        return new(
            Text(audit["user"]?["username"]), [.. audit["user"]?["groups"]?.AsArray().Select(Text) ?? []], Text(audit["verb"]),
            Text(target?["namespace"]), Text(target?["apiGroup"]),
            target is null ? null : Text(target["resource"]) + (subresource.Length > 0 ? $"/{subresource}" : ""), Text(target?["name"]),
            Text(audit["requestURI"]).Split('?')[0],
            Enum.Parse<AuditStage>(Text(audit["stage"])), new HashSet<string>());
    }

    static string Text(JsonNode? node) => node is null ? "" : $"{node}";
}
