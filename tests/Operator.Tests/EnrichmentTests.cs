using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Labels;
using ClusterTrail.Kubernetes;
using ClusterTrail.Testing.Nodes;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Operator.Tests;

/// <summary>Labels that records get: agents get those of the namespaces.</summary>
public sealed class EnrichmentTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AgentsOfApiServersGetTheLabelsOfAllNamespacesThatTheTrailNames()
    {
        await using var world = await SteppedWorld.StartAsync("cp-1");
        await NamespaceAsync(world, "shop", ("team", "web"), ("secret", "value"));
        await NamespaceAsync(world, "bare");
        await world.ApplyAsync(Enriched(new() { NamespaceLabels = ["team", "env"] }));

        await world.WithinAMinuteAsync("Enriched", "True", "Enriched");
        Assert.Equal("""{"team":"web"}""", LabelsOf(world, "cp-1", "shop"));
        Assert.Equal("{}", LabelsOf(world, "cp-1", "bare"));
        Assert.Null(LabelsOf(world, "cp-1", "nowhere"));
        Assert.Equal(("main", "cp-1"), (Handed(world, "cp-1")!.Trail, Handed(world, "cp-1")!.Node));
    }

    [Fact]
    public async Task LabelsThatChangeAreSentAtTheNextPollAndTheSameAreNotSentAgain()
    {
        await using var world = await SteppedWorld.StartAsync("cp-1");
        await NamespaceAsync(world, "shop", ("team", "web"));
        await world.ApplyAsync(Enriched(new() { NamespaceLabels = ["team"] }));
        await world.WithinAMinuteAsync("Enriched", "True", "Enriched");
        var first = Handed(world, "cp-1")!;

        await NamespaceAsync(world, "shop", ("team", "web"), ("other", "value"));
        await world.AdvanceAsync(60);
        Assert.Equal(first.At, Handed(world, "cp-1")!.At);

        await NamespaceAsync(world, "shop", ("team", "payments"));
        await world.UntilAsync(
            "the agent has the new label", () => Task.FromResult(LabelsOf(world, "cp-1", "shop") == """{"team":"payments"}"""), 60);
        Assert.NotEqual(first.Hash, Handed(world, "cp-1")!.Hash);
    }

    [Fact]
    public async Task ANamespaceThatIsGoneIsKnownForSomeMinutes()
    {
        await using var world = await SteppedWorld.StartAsync("cp-1");
        await NamespaceAsync(world, "shop", ("team", "web"));
        await NamespaceAsync(world, "other", ("team", "api"));
        await world.ApplyAsync(Enriched(new() { NamespaceLabels = ["team"] }));
        await world.WithinAMinuteAsync("Enriched", "True", "Enriched");

        await world.User.DeleteAsync(ResourceType.Of<V1Namespace>(), new(null, "shop"), Cancel);
        await NamespaceAsync(world, "other", ("team", "new"));
        await world.UntilAsync(
            "the agent has the new label", () => Task.FromResult(LabelsOf(world, "cp-1", "other") == """{"team":"new"}"""), 60);

        Assert.Equal("""{"team":"web"}""", LabelsOf(world, "cp-1", "shop"));
        await world.AdvanceAsync(660);
        Assert.Null(LabelsOf(world, "cp-1", "shop"));
    }

    [Fact]
    public async Task ATrailThatAsksForNoneGetsNoneAndHasNoCondition()
    {
        await using var world = await SteppedWorld.StartAsync("cp-1");
        await NamespaceAsync(world, "shop", ("team", "web"));
        await world.ApplyAsync(Enriched(new()));

        await world.WithinAMinuteAsync("Ready", "True", "Recording");
        await world.AdvanceAsync(60);

        Assert.Null(Handed(world, "cp-1"));
        Assert.Null((await world.TrailAsync())!.Status!.Conditions!.FirstOrDefault(one => one.Type == "Enriched"));
    }

    [Fact]
    public async Task LabelsThatAnAgentRefusesAreAConditionAndTheTrailStaysReady()
    {
        await using var world = await SteppedWorld.StartAsync("cp-1");
        world.Nodes.AgentOf("cp-1").RefusesLabels = true;
        await world.ApplyAsync(Enriched(new() { NamespaceLabels = ["team"] }));

        await world.WithinAMinuteAsync("Enriched", "False", "LabelsNotSent");
        Assert.Contains("the disk is full", await world.MessageAsync("Enriched"), StringComparison.Ordinal);
        await world.WithinAMinuteAsync("Ready", "True", "Recording");
        world.Nodes.AgentOf("cp-1").RefusesLabels = false;

        await world.WithinAMinuteAsync("Enriched", "True", "Enriched");
    }

    [Fact]
    public async Task NamespacesThatDoNotFitAreACondition()
    {
        await using var world = await SteppedWorld.StartAsync("cp-1");
        var keys = Enumerable.Range(0, 50).Select(at => $"{new string('k', 60)}{at:00}").ToArray();
        var labels = keys.Select(key => (key, new string('v', 63))).ToArray();
        for (var at = 0; at < 340; at++)
            await NamespaceAsync(world, $"n{at:000}", labels);
        await world.ApplyAsync(Enriched(new() { NamespaceLabels = keys }));

        await world.WithinAMinuteAsync("Enriched", "False", "TooManyNamespaces");
        await world.UntilAsync("the others are sent", () => Task.FromResult(Handed(world, "cp-1") is not null), 60);

        var handed = Handed(world, "cp-1")!;
        var size = JsonSerializer.SerializeToUtf8Bytes(handed, LabelsJson.Default.LabelsHandover).Length;
        Assert.InRange(size, LabelsHandover.LargestBody * 4 / 10, LabelsHandover.LargestBody / 2 + 1000);
        Assert.Contains("The labels of ", await world.MessageAsync("Enriched"), StringComparison.Ordinal);
        Assert.DoesNotContain("n339", handed.Namespaces!.Select(one => one.Name));
    }

    [Fact]
    public async Task AgentsOnAllNodesGetTheNamespacesOfTheirNodesPodsOnly()
    {
        await using var world = await SteppedWorld.StartAsync("cp-1");
        await world.Nodes.AddNodeAsync("worker", taints: ["dedicated=gpu:NoSchedule"], cancellationToken: Cancel);
        await NamespaceAsync(world, "shop", ("team", "web"));
        await NamespaceAsync(world, "other", ("team", "api"));
        await PodAsync(world, "shop", "cart-0", "worker");
        var trail = Enriched(new() { NamespaceLabels = ["team"] });
        await world.ApplyAsync(trail with
        {
            Spec = trail.Spec with { Workloads = [new() { Namespaces = ["shop"], Output = new() }] },
        });

        await world.UntilAsync(
            "the worker's agent knows", () => Task.FromResult(LabelsOf(world, "worker", "shop", Workloads) == """{"team":"web"}"""), 60);
        Assert.Null(LabelsOf(world, "worker", "other", Workloads));
        Assert.Equal("""{"team":"api"}""", LabelsOf(world, "cp-1", "other"));

        await PodAsync(world, "other", "api-0", "worker");
        await world.UntilAsync(
            "it knows the namespace of a new pod", () => Task.FromResult(LabelsOf(world, "worker", "other", Workloads) is not null), 60);
        await world.WithinAMinuteAsync("Enriched", "True", "Enriched");
    }

    static string Workloads => NodeWorld.WorkloadsOf();

    static Trail Enriched(EnrichmentConfiguration enrichment) => Some.Trail() is var trail
        ? trail with { Spec = trail.Spec with { Enrichment = enrichment } }
        : trail;

    static LabelsHandover? Handed(SteppedWorld world, string node, string? agent = null) =>
        (agent is null ? world.Nodes.AgentOf(node) : world.Nodes.AgentOf(node, agent)).Labels;

    static string? LabelsOf(SteppedWorld world, string node, string name, string? agent = null) =>
        Handed(world, node, agent)?.Namespaces?.FirstOrDefault(one => one.Name == name) is { } found
            ? JsonSerializer.Serialize(found.Labels)
            : null;

    static async Task NamespaceAsync(SteppedWorld world, string name, params (string Key, string Value)[] labels) => await world.User.ApplyAsync(
        new(ResourceType.Of<V1Namespace>(), new()
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["labels"] = new JsonObject(labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))),
            },
        }),
        Cancel);

    static async Task PodAsync(SteppedWorld world, string within, string name, string node) => await world.User.ApplyAsync(
        new(ResourceType.Of<V1Pod>(), new()
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = within },
            ["spec"] = new JsonObject { ["nodeName"] = node },
        }),
        Cancel);
}
