using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Trails.Policies;

namespace ClusterTrail.Kubectl.Tests.Policy;

/// <summary>The change of the audit policy that the operator tells, before the rules of one that is there; judged by the oracle.</summary>
public sealed class PolicyChangeTests
{
    static readonly GroupResources ConfigMaps = new() { Resources = ["configmaps"] };
    static readonly GroupResources Pods = new() { Resources = ["pods"] };
    static readonly RuleSet Main = new()
    {
        Name = "main",
        Rules =
        [
            new() { Level = SelectorLevel.None, Users = ["system:kube-proxy"] },
            new() { Level = SelectorLevel.Request, Resources = [ConfigMaps] },
        ],
    };
    static readonly Request Update = new(
        "alice", [], "update", "shop", "", "configmaps", "a", "", AuditStage.ResponseComplete, new HashSet<string>());

    [Fact]
    public void TheChangeDoesNotBlindADetectionOfTheSameTrail()
    {
        var detection = Detection();
        AuditPolicy now = new([], [Of(new() { Level = SelectorLevel.Metadata })], []);
        var proxy = Update with { User = "system:kube-proxy" };
        Assert.Equal(SelectorLevel.Metadata, Oracle.Given(now, proxy));
        Assert.Equal(SelectorLevel.Metadata, Oracle.Needed(detection, proxy));

        var after = After(now, [Main], new Lacking("main", 1, "update", "", "configmaps", SelectorLevel.Request));

        Assert.Equal(SelectorLevel.Metadata, Oracle.Given(AuditPolicy.Of([Main], DetectionNeeds.Of([detection])), proxy));
        Assert.Equal(SelectorLevel.Metadata, Oracle.Given(after, proxy));
    }

    [Fact]
    public void TheChangeGivesADetectionItsBodies()
    {
        var detection = Detection(new MatchCondition { Path = "requestObject.data", Operator = FieldOperator.Exists });
        AuditPolicy now = new([], [Of(new() { Level = SelectorLevel.Request, Users = ["system:kube-proxy"] })], []);
        var proxy = Update with { User = "system:kube-proxy" };

        var after = After(now, [Main], [detection], new Lacking("main", 1, "update", "", "configmaps", SelectorLevel.Request));

        Assert.Equal(SelectorLevel.Request, Oracle.Given(after, proxy));
    }

    [Fact]
    public void AChangeThatNobodyWouldReadIsNotMade()
    {
        var lacking = Enumerable.Range(0, 40).Select(at => new Lacking("main", at, "update", "", "configmaps", SelectorLevel.Request));
        var rules = Enumerable.Range(0, 40).Select(at => new SelectorRule { Level = SelectorLevel.Request, Users = [$"user-{at}"] });

        Assert.Empty(PolicyChange.Of([Main with { Rules = [.. rules] }], [.. lacking]).Rules);
        Assert.NotEmpty(PolicyChange.Of([Main with { Rules = [.. rules] }], [.. lacking.Take(5)]).Rules);
    }

    [Fact]
    public void TheChangeDoesNotTakeAwayWhatATrailSelectorHas()
    {
        RuleSet shop = new()
        {
            Name = "shop/a",
            Namespace = "shop",
            Rules = [new() { Level = SelectorLevel.RequestResponse, Resources = [ConfigMaps] }],
        };
        AuditPolicy now = new(
            [],
            [
                Of(new() { Level = SelectorLevel.RequestResponse, Resources = [ConfigMaps], Namespaces = ["shop"] }),
                Of(new() { Level = SelectorLevel.Metadata }),
            ],
            []);

        var after = After(now, [Main, shop], new Lacking("main", 1, "update", "", "configmaps", SelectorLevel.Request));

        Assert.Equal(SelectorLevel.Request, Oracle.Given(after, Update with { Namespace = "other" }));
        Assert.Equal(SelectorLevel.RequestResponse, Oracle.Given(after, Update));
    }

    [Fact]
    public void TheChangeDoesNotTakeResponsesFromTheLastRuleOfTheSameTrail()
    {
        var set = new RuleSet
        {
            Name = "main",
            Rules =
            [
                new()
                {
                    Level = SelectorLevel.Metadata,
                    Verbs = ["create"],
                    Resources = [Pods],
                    Fields = [new() { Path = "requestObject.spec.hostPID", Operator = FieldOperator.Exists }],
                },
                new() { Level = SelectorLevel.RequestResponse },
            ],
        };
        AuditPolicy now = new(
            [], [Of(new() { Level = SelectorLevel.Metadata, Users = ["ci"] }), Of(new() { Level = SelectorLevel.RequestResponse })], []);
        var create = Update with { Verb = "create", Resource = "pods" };
        Assert.Equal(SelectorLevel.RequestResponse, Oracle.Given(now, create));

        var after = After(now, [set], new Lacking("main", 0, "create", "", "pods", SelectorLevel.Request));

        Assert.Equal(SelectorLevel.RequestResponse, Oracle.Given(AuditPolicy.Of([set]), create));
        Assert.Equal(SelectorLevel.RequestResponse, Oracle.Given(after, create));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheChangeGivesWhatLackedAndTakesNothing(bool taken)
    {
        var (failures, tried) = (new List<string>(), 0);
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new RandomPolicies(seed);
            RuleSet set = random.Sets()[0] with { Name = "main", Namespace = null };
            set = set with { Rules = [.. set.Rules.Where(rule => rule.Fields.Count == 0)] };
            IReadOnlyList<RuleSet> sets = [set, .. random.Sets().Select((one, at) => one with { Name = $"team/{at}", Namespace = "b" })];
            DetectionRule[] detections = [random.Detection(), random.Detection()];
            var rules = random.Sets()[0].Rules.Select(rule => Of(rule with { Fields = [], OmitStages = [] })).ToList();
            AuditPolicy now = new([], [.. rules, Of(new() { Level = SelectorLevel.Metadata })], []);
            var requests = Enumerable.Range(0, 200).Select(_ => random.Request() with { Stage = AuditStage.ResponseComplete }).ToList();
            var lacking = requests.Select(request => (Request: request, Lacking: LackingOf(set, now, request)))
                .Where(one => one.Lacking is not null).ToList();
            if (lacking.Count == 0)
                continue;
            tried++;

            var after = After(now, sets, detections, [.. lacking.Select(one => one.Lacking!).Distinct()]);

            failures.AddRange(taken
                ? from request in requests
                  let asked = Most(Oracle.Asked(sets, request), detections.Max(one => Oracle.Needed(one, request)))
                  let least = Least(asked, Oracle.Given(now, request))
                  where Oracle.Given(after, request) < least
                  select $"Seed {seed}: {request} had {Oracle.Given(now, request)}, {asked} is asked, and has {Oracle.Given(after, request)}."
                : from one in lacking
                  where Oracle.Given(after, one.Request) < one.Lacking!.Asked
                  select $"Seed {seed}: {one.Request} lacks {one.Lacking} and has {Oracle.Given(after, one.Request)}.");
        }

        Assert.True(tried > 100, $"{tried}");
        Assert.True(failures.Count == 0, $"{failures.Count} of {tried}: {failures.FirstOrDefault()}");
    }

    static DetectionRule Detection(params MatchCondition[] fields) => new()
    {
        Name = "configmap-changed",
        Severity = DetectionSeverity.High,
        Group = "access",
        Description = "A detection.",
        Match = new() { Verbs = ["update"], Resources = [ConfigMaps], Fields = fields },
    };

    static SelectorLevel Most(SelectorLevel one, SelectorLevel other) => one > other ? one : other;

    static SelectorLevel Least(SelectorLevel one, SelectorLevel other) => one < other ? one : other;

    // As an agent sees it, of events that arrive with a rule that names something.
    static Lacking? LackingOf(RuleSet set, AuditPolicy now, Request request)
    {
        if (request.Resource is null || request.Verb != "create" || request.Resource is "pods/exec" or "pods/log" or "services/log")
            return null;
        var given = Oracle.Given(now, request);
        for (var at = 0; at < set.Rules.Count; at++)
        {
            var only = new AuditPolicy([], [Of(set.Rules[at] with { Level = SelectorLevel.RequestResponse, OmitStages = [] })], []);
            if (Oracle.Given(only, request) == SelectorLevel.None)
                continue;
            var asked = Oracle.Asked([set], request);
            var takesAll = set.Rules[at] is
            { Level: SelectorLevel.RequestResponse, Users: [], UserGroups: [], Verbs: [], Resources: [], Namespaces: [], NonResourceURLs: [] };
            return !takesAll && given >= SelectorLevel.Metadata && given < asked
                ? new("main", at, request.Verb, request.Group, request.Resource, asked)
                : null;
        }

        return null;
    }

    static AuditPolicy After(AuditPolicy now, IReadOnlyList<RuleSet> sets, params Lacking[] lacking) => After(now, sets, [], lacking);

    static AuditPolicy After(
        AuditPolicy now, IReadOnlyList<RuleSet> sets, IReadOnlyList<DetectionRule> detections, params Lacking[] lacking) =>
        now with { Rules = [.. PolicyChange.Of(sets, lacking, detections).Rules, .. now.Rules] };

    static PolicyRule Of(SelectorRule rule) => new("now", rule, [], []);
}
