using ClusterTrail.Contract.Selectors;
using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Agents;

namespace ClusterTrail.Operator.Tests.Agents;

public sealed class PolicyProblemTests
{
    static readonly PolicyShortfall Shortfall = new()
    {
        RuleSet = "shop/all",
        Rule = 1,
        Verb = "update",
        Group = "rbac.authorization.k8s.io",
        Resource = "roles/status",
        Arrives = SelectorLevel.Metadata,
        Asked = SelectorLevel.Request,
        Undecided = false,
        Events = 3,
    };

    [Fact]
    public void WhatAnAgentSaysIsBelieved() => Assert.Null(Problem(Shortfall, Shortfall with { Group = "" }));

    public static TheoryData<PolicyShortfall?> Wrong => new(
        null,
        Shortfall with { RuleSet = null! },
        Shortfall with { RuleSet = "" },
        Shortfall with { RuleSet = "a\nb" },
        Shortfall with { Verb = "\"}" },
        Shortfall with { Verb = "" },
        Shortfall with { Group = null! },
        Shortfall with { Group = "a b" },
        Shortfall with { Resource = new('x', 301) },
        Shortfall with { Rule = -1 },
        Shortfall with { Rule = int.MaxValue },
        Shortfall with { Asked = (SelectorLevel)9 },
        Shortfall with { Arrives = SelectorLevel.None },
        Shortfall with { Arrives = SelectorLevel.Request });

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void WhatNoAgentReportsIsRefused(PolicyShortfall? shortfall) =>
        Assert.Equal("selectors.policy.shortfalls of its status is nothing that an agent reports.", Problem(shortfall!));

    [Fact]
    public void TooManyAreRefused() => Assert.NotNull(Problem([.. Enumerable.Repeat(Shortfall, PolicyStatus.MostShortfalls + 1)]));

    [Theory]
    [InlineData(-1, 0, 0, 0)]
    [InlineData(0, -1, 0, 0)]
    [InlineData(0, 0, long.MaxValue, 0)]
    [InlineData(0, 0, 0, double.NaN)]
    public void SoAreNumbersThatCannotBe(int rules, long events, long others, double seconds) =>
        Assert.NotNull(Problem(new PolicyStatus { ObservedSeconds = seconds, Rules = rules, Events = events, Shortfalls = [], Others = others }));

    [Fact]
    public void AStageThatIsNoneIsRefused()
    {
        var policy = new PolicyStatus { ObservedSeconds = 1, Rules = 1, Events = 1, Shortfalls = [], Others = 0 };

        Assert.Null(Problem(policy with { MissingStages = [new(3, AuditStage.ResponseComplete)] }));
        Assert.NotNull(Problem(policy with { MissingStages = [new(-3, AuditStage.ResponseComplete)] }));
        Assert.NotNull(Problem(policy with { MissingStages = [new(3, (AuditStage)9)] }));
        Assert.NotNull(Problem(policy with { MissingStages = null! }));
    }

    static string? Problem(params PolicyShortfall[] shortfalls) =>
        Problem(new PolicyStatus { ObservedSeconds = 1, Rules = 1, Events = 1, Shortfalls = shortfalls, Others = 0 });

    static string? Problem(PolicyStatus policy)
    {
        var status = Some.Status();
        return ReportProblem.Of(status with { Selectors = status.Selectors with { Policy = policy } }, "main", "cp-1", Some.Noon);
    }
}
