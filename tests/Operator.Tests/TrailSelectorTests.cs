using ClusterTrail.Contract.Selectors;
using ClusterTrail.Testing;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Tests;

/// <summary>Teams' TrailSelectors: who may attach, and what agents get of it.</summary>
public sealed class TrailSelectorTests : IAsyncDisposable
{
    readonly OperatorWorld world = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task AnAllowedOneAddsItsRulesBoundToItsNamespaceWithoutARestart()
    {
        await StartAsync(new() { From = SelectorPolicyFrom.All });
        var before = await world.FindAsync("daemonsets", "clustertrail-main-apiserver");

        await world.ApplyAsync(Some.Selector("payments", "everything"));

        await AcceptedAsync("payments", "everything", "True", "Attached");
        await Eventually.HoldsAsync(
            "its rules are there",
            async () => (await world.FileAsync("selectors.json"))!.Contains("\"payments/everything\"", StringComparison.Ordinal),
            Cancellation);
        Assert.Contains("\"namespace\":\"payments\"", await world.FileAsync("selectors.json"), StringComparison.Ordinal);
        Assert.Equal($"{before}", $"{await world.FindAsync("daemonsets", "clustertrail-main-apiserver")}");
    }

    [Fact]
    public async Task WithoutAPolicyNoneIsTakenUp()
    {
        await StartAsync(new());

        await world.ApplyAsync(Some.Selector("payments", "everything"));

        await AcceptedAsync("payments", "everything", "False", "NotAllowed");
        Assert.DoesNotContain("payments", await world.FileAsync("selectors.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANamespacesLabelsDecideAlsoWhenTheyChange()
    {
        await StartAsync(
            new()
            {
                From = SelectorPolicyFrom.Selector,
                Selector = new() { MatchLabels = new Dictionary<string, string> { ["audit"] = "yes" } },
            });
        await world.LabelNamespaceAsync("payments", "audit", "no");
        await world.ApplyAsync(Some.Selector("payments", "everything"));
        await AcceptedAsync("payments", "everything", "False", "NotAllowed");

        await world.LabelNamespaceAsync("payments", "audit", "yes");

        await AcceptedAsync("payments", "everything", "True", "Attached");
        await Eventually.HoldsAsync(
            "its rules are there", async () => (await world.FileAsync("selectors.json"))!.Contains("payments", StringComparison.Ordinal),
            Cancellation);
    }

    [Fact]
    public async Task OneForATrailThatIsNotThereIsTakenUpWhenItComes()
    {
        world.StartOperator();
        await world.ApplyAsync(Some.Selector("payments", "everything"));
        await AcceptedAsync("payments", "everything", "False", "TrailNotFound");

        await ApplyTrailAsync(new() { From = SelectorPolicyFrom.All });

        await AcceptedAsync("payments", "everything", "True", "Attached");
    }

    [Fact]
    public async Task AWrongOneIsRefusedAndTheOthersStay()
    {
        await StartAsync(new() { From = SelectorPolicyFrom.All });
        var wrong = Some.Selector("payments", "wrong");
        await world.ApplyAsync(Some.Selector("payments", "right"));
        await world.ApplyAsync(
            wrong with
            {
                Spec = wrong.Spec with
                {
                    Rules =
                    [
                        new()
                        {
                            Level = SelectorLevel.Metadata,
                            Fields = [new() { Path = "sourceIPs[*]", Operator = FieldOperator.InCIDR, Values = ["10.0.0.1/8"] }],
                        },
                    ],
                },
            });

        await AcceptedAsync("payments", "wrong", "False", "InvalidRules");
        await AcceptedAsync("payments", "right", "True", "Attached");

        var reported = (await FindAsync("payments", "wrong"))!.Status!.Trails![0].Conditions![0].Message;
        Assert.Contains("spec.rules[0].fields[0].values[0] is \"10.0.0.1/8\"", reported, StringComparison.Ordinal);
        Assert.DoesNotContain("payments/wrong", await world.FileAsync("selectors.json"), StringComparison.Ordinal);
    }

    async Task StartAsync(SelectorPolicy policy)
    {
        world.StartOperator();
        await ApplyTrailAsync(policy);
        await world.HasConditionAsync("Accepted", "True", "Valid");
        await Eventually.HoldsAsync(
            "agents are there", async () => await world.FindAsync("daemonsets", "clustertrail-main-apiserver") is not null, Cancellation);
    }

    Task ApplyTrailAsync(SelectorPolicy policy)
    {
        var trail = Some.Trail();
        return world.ApplyAsync(trail with { Spec = trail.Spec with { SelectorPolicy = policy } });
    }

    Task<TrailSelector?> FindAsync(string @namespace, string name) =>
        world.User.GetAsync<TrailSelector>(Kubernetes.ResourceType.Of<TrailSelector>(), new(@namespace, name), Cancellation);

    Task AcceptedAsync(string @namespace, string name, string status, string reason) => Eventually.HoldsAsync(
        $"{name} is {status}, {reason}",
        async () =>
            (await FindAsync(@namespace, name))?.Status?.Trails is [{ Conditions: [var condition] }]
                && (condition.Status, condition.Reason) == (status, reason),
        Cancellation);
}
