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

    [Fact]
    public async Task ANamespaceHasAQuotaAndItsOldestKeepTheirPlace()
    {
        await StartAsync(new() { From = SelectorPolicyFrom.All });
        for (var n = 0; n <= 100; n++)
            await world.ApplyAsync(Some.Selector("payments", $"s{n:000}"));
        await world.ApplyAsync(Some.Selector("others", "theirs"));

        await AcceptedAsync("payments", "s100", "False", "NamespaceQuotaExceeded");
        await AcceptedAsync("payments", "s099", "True", "Attached");
        await AcceptedAsync("others", "theirs", "True", "Attached");
        await world.HasConditionAsync("SelectorsWithinQuota", "False", "QuotaExceeded");
        var told = (await world.TrailAsync()).Status!.Conditions!.Single(condition => condition.Type == "SelectorsWithinQuota").Message;
        Assert.Contains("payments (1)", told, StringComparison.Ordinal);

        await world.User.DeleteAsync(Kubernetes.ResourceType.Of<TrailSelector>(), new("payments", "s000"), uid: null, Cancellation);

        await AcceptedAsync("payments", "s100", "True", "Attached");
        await world.HasConditionAsync("SelectorsWithinQuota", "True", "WithinQuota");
        await Eventually.HoldsAsync(
            "its rules are there",
            async () => (await world.FileAsync("selectors.json"))!.Contains("payments/s100", StringComparison.Ordinal),
            Cancellation);
    }

    [Fact]
    public async Task OneThatIsTooLargeLeavesItsPlaceToOthers()
    {
        await StartAsync(new() { From = SelectorPolicyFrom.All });
        var large = Some.Selector("payments", "large");
        var users = Enumerable.Range(0, 500).Select(n => $"{n}{new string('x', 500)}").ToList();
        await world.ApplyAsync(
            large with { Spec = large.Spec with { Rules = [new() { Level = SelectorLevel.Metadata, Users = users }] } });
        await world.ApplyAsync(Some.Selector("payments", "small"));

        await AcceptedAsync("payments", "large", "False", "NamespaceQuotaExceeded");
        await AcceptedAsync("payments", "small", "True", "Attached");
        Assert.DoesNotContain("payments/large", await world.FileAsync("selectors.json"), StringComparison.Ordinal);
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
