using ClusterTrail.Contract.Selectors;
using ClusterTrail.Trails.Policies;

namespace ClusterTrail.Kubectl.Tests.Policy;

public sealed class AuditPolicyTests
{
    const int Cases = 3_000;
    const int RequestsOfCase = 60;

    static readonly SelectorRule Leases = new()
    {
        Level = SelectorLevel.None,
        Resources = [new() { Group = "coordination.k8s.io", Resources = ["leases"] }],
    };
    static readonly SelectorRule Everything = new() { Level = SelectorLevel.Metadata };
    static readonly SelectorRule Denied = new()
    {
        Level = SelectorLevel.Request,
        Verbs = ["create"],
        Fields = [new() { Path = "annotations", Operator = FieldOperator.Exists }],
    };

    [Fact]
    public void NoRequestIsGivenLessThanAnySetAsks()
    {
        var asking = 0;
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new RandomPolicies(seed);
            var sets = random.Sets();
            var policy = AuditPolicy.Of(sets);

            foreach (var request in Enumerable.Range(0, RequestsOfCase).Select(_ => random.Request()))
            {
                var asked = Oracle.Asked(sets, request);
                asking += asked > SelectorLevel.None ? 1 : 0;

                Assert.True(Oracle.Given(policy, request) >= asked,
                    $"Seed {seed}: {request} is given {Oracle.Given(policy, request)}, and {asked} is asked.");
            }
        }

        Assert.True(asking > Cases * RequestsOfCase / 10, $"Only {asking} requests were asked for: the test tries too little.");
    }

    [Fact]
    public void OneSetWithoutConditionsIsGivenExactlyWhatItAsks()
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new RandomPolicies(seed);
            var set = random.Sets()[0] with { Namespace = null };
            var plain = set with { Rules = [.. set.Rules.Where(rule => rule.Fields.Count == 0)] };
            var policy = AuditPolicy.Of([plain]);

            foreach (var request in Enumerable.Range(0, RequestsOfCase).Select(_ => random.Request()))
                Assert.Equal(Oracle.Asked([plain], request), Oracle.Given(policy, request));
        }
    }

    [Fact]
    public void ARuleWithConditionsGivesAtLeastWhatComesAfterIt()
    {
        var policy = AuditPolicy.Of([Set(Leases, Denied, Everything)]);

        Assert.Equal([SelectorLevel.None, SelectorLevel.Request, SelectorLevel.Metadata], policy.Rules.Select(rule => rule.Rule.Level));
        Assert.All(policy.Rules, rule => Assert.Empty(rule.Rule.Fields));
        Assert.Equal([0, 1, 0], policy.Rules.Select(rule => rule.Reasons.Count));

        var raised = AuditPolicy.Of(
            [Set(Denied with { Level = SelectorLevel.Metadata }, Everything with { Level = SelectorLevel.RequestResponse })]);

        Assert.Equal(SelectorLevel.RequestResponse, raised.Rules[0].Rule.Level);
    }

    [Fact]
    public void AnExclusionWithConditionsIsLeftOut()
    {
        var policy = AuditPolicy.Of([Set(Denied with { Level = SelectorLevel.None }, Everything)]);

        var rule = Assert.Single(policy.Rules).Rule;
        Assert.Equal((SelectorLevel.Metadata, 0), (rule.Level, rule.Verbs.Count));
    }

    [Theory]
    [InlineData("requestObject.kind", SelectorLevel.Request)]
    [InlineData("$.responseObject", SelectorLevel.RequestResponse)]
    [InlineData("userAgent", SelectorLevel.Metadata)]
    public void AConditionOnABodyRaisesTheLevelToWhatItNeeds(string path, SelectorLevel expected)
    {
        var rule = new SelectorRule { Level = SelectorLevel.Metadata, Fields = [new() { Path = path, Operator = FieldOperator.Exists }] };

        Assert.Equal(expected, AuditPolicy.Of([Set(rule)]).Rules[0].Rule.Level);
    }

    [Fact]
    public void RulesOfANamespaceComeFirstAndGiveNoLessThanTheTrail()
    {
        var team = new RuleSet
        {
            Name = "payments/changes",
            Namespace = "payments",
            Rules = [new() { Level = SelectorLevel.None, Verbs = ["get"] }, new() { Level = SelectorLevel.RequestResponse }],
        };

        var policy = AuditPolicy.Of([Set(Leases, Everything), team]);

        Assert.Equal(
            [("payments/changes", SelectorLevel.Metadata), ("payments/changes", SelectorLevel.RequestResponse), ("main", SelectorLevel.None), ("main", SelectorLevel.Metadata)],
            policy.Rules.Select(rule => (rule.Of, rule.Rule.Level)));
        Assert.Equal(["payments"], policy.Rules[0].Rule.Namespaces);
        Assert.Equal("Metadata and not None, since a rule of main may ask for it", Assert.Single(policy.Rules[0].Reasons));
    }

    [Theory]
    [InlineData("*", "pods", 1)]
    [InlineData("pods/*", "pods", 1)]
    [InlineData("pods/*", "pods/log", 1)]
    [InlineData("pods", "pods/log", 2)]
    [InlineData("pods/*", "*", 2)]
    [InlineData("pods/*", "podsecurity", 2)]
    [InlineData("*/*", "*", 2)]
    public void ARuleThatIsNeverReachedIsLeftOut(string first, string second, int expected)
    {
        var policy = AuditPolicy.Of([Set(Of(SelectorLevel.None, first), Of(SelectorLevel.Metadata, second))]);

        Assert.Equal(expected, policy.Rules.Count);
    }

    [Fact]
    public void AStageIsOmittedOnlyIfAllOmitIt()
    {
        var omitting = Set(Everything) with { OmitStages = [AuditStage.RequestReceived] };

        Assert.Equal([AuditStage.RequestReceived], AuditPolicy.Of([omitting]).OmitStages);
        Assert.Empty(AuditPolicy.Of([omitting, Set(Leases) with { Name = "other" }]).OmitStages);
    }

    static SelectorRule Of(SelectorLevel level, string resource) => new() { Level = level, Resources = [new() { Resources = [resource] }] };

    static RuleSet Set(params SelectorRule[] rules) => new() { Name = "main", Rules = rules };
}
