using ClusterTrail.Contract.Selectors;
using ClusterTrail.Trails.Policies;

namespace ClusterTrail.Trails.Tests.Policies;

public sealed class PolicyChangeTests
{
    static readonly SelectorRule Writes = new()
    {
        Level = SelectorLevel.RequestResponse,
        Verbs = ["create", "update", "delete"],
        Resources = [new() { Resources = ["*"] }, new() { Group = "apps" }],
        Namespaces = ["shop"],
    };

    [Fact]
    public void ItIsTheRuleCutToWhatIsLacking() => Assert.Equal(
        ["""- {"level":"RequestResponse","verbs":["create","update"],"resources":[{"group":"","resources":["configmaps","services"]}],"namespaces":["shop"]}"""],
        Change([Set(Writes)], Lacking("update", "configmaps"), Lacking("create", "configmaps"), Lacking("create", "services"), Lacking("update", "services")));

    [Fact]
    public void WhatRulesBeforeExcludeStaysExcluded() => Assert.Equal(
        [
            """- {"level":"Metadata","verbs":["update"],"resources":[{"group":"","resources":["secrets"]}],"namespaces":["shop"]}""",
            """- {"level":"RequestResponse","verbs":["update"],"resources":[{"group":"","resources":["configmaps","secrets"]}],"namespaces":["shop"]}""",
        ],
        Change(
            [
                Set(
                    new() { Level = SelectorLevel.Metadata, Resources = [new() { Resources = ["secrets"] }] }, Writes,
                    new() { Level = SelectorLevel.Metadata }),
            ],
            Lacking("update", "configmaps", rule: 1), Lacking("update", "secrets", rule: 1)));

    [Fact]
    public void ConditionsAreLeftOutAndGetTheirBodies() => Assert.Equal(
        ["""- {"level":"Request","verbs":["create"],"resources":[{"group":"","resources":["pods"]}]}"""],
        Change(
            [
                Set(new SelectorRule
                {
                    Level = SelectorLevel.Metadata,
                    Resources = [new() { Resources = ["pods"] }],
                    Fields = [new() { Path = "requestObject.spec.hostPID", Operator = FieldOperator.Exists }],
                }),
            ],
            Lacking("create", "pods")));

    [Fact]
    public void ASetIsBoundToItsNamespace() => Assert.Equal(
        ["""- {"level":"Request","verbs":["create"],"resources":[{"group":"","resources":["pods/status"]}],"namespaces":["shop"]}"""],
        Change([Set(new SelectorRule { Level = SelectorLevel.Request }) with { Namespace = "shop" }], Lacking("create", "pods/status")));

    [Fact]
    public void ARuleThatIsNotThereChangesNothing() =>
        Assert.Empty(Change([Set(Writes)], Lacking("update", "configmaps", rule: 1), Lacking("update", "configmaps", rule: -1)));

    [Fact]
    public void WhatASelectorNoLongerAsksForChangesNothing() => Assert.Empty(Change([Set(Writes)], Lacking("patch", "configmaps")));

    static IEnumerable<string> Change(IReadOnlyList<RuleSet> sets, params Lacking[] lacking) =>
        PolicyChange.Of(sets, lacking).Rules.Select(rule => PolicyText.OneLine(rule.Rule));

    static RuleSet Set(params SelectorRule[] rules) => new() { Name = "main", Rules = rules };

    static Lacking Lacking(string verb, string resource, int rule = 0) =>
        new("main", rule, verb, "", resource, SelectorLevel.RequestResponse);
}
