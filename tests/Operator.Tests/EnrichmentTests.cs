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
        await using var world = await WithWorkerAsync();
        await NamespaceAsync(world, "shop", ("team", "web"));
        await NamespaceAsync(world, "other", ("team", "api"));
        await PodAsync(world, "shop", "cart-0", "worker");
        await world.ApplyAsync(WithOutput(Enriched(new() { NamespaceLabels = ["team"] })));

        await world.UntilAsync(
            "the worker's agent knows", () => Task.FromResult(LabelsOf(world, "worker", "shop", Workloads) == """{"team":"web"}"""), 60);
        Assert.Null(LabelsOf(world, "worker", "other", Workloads));
        Assert.Equal("""{"team":"api"}""", LabelsOf(world, "cp-1", "other"));

        await PodAsync(world, "other", "api-0", "worker");
        await world.UntilAsync(
            "it knows the namespace of a new pod", () => Task.FromResult(LabelsOf(world, "worker", "other", Workloads) is not null), 60);
        await world.WithinAMinuteAsync("Enriched", "True", "Enriched");
    }

    [Fact]
    public async Task AgentsOnAllNodesGetTheLabelsOfWhatControlsTheirNodesPods()
    {
        await using var world = await WithWorkerAsync();
        var cart = await ControllerAsync<V1Deployment>(world, "cart", null, "cart");
        var cart1 = await ControllerAsync<V1ReplicaSet>(world, "cart-1", cart, "of-template");
        var rolled = await ControllerAsync<V1ReplicaSet>(world, "rolled-1", new("argoproj.io/v1alpha1", "Rollout", "rolled"), "rolled");
        var nightly = await ControllerAsync<V1CronJob>(world, "nightly", null, "cron");
        var nightly1 = await ControllerAsync<V1Job>(world, "nightly-1", nightly, "job");
        string[] uids =
        [
            await PodAsync(world, "shop", "cart-1-a", "worker", cart1),
            await PodAsync(world, "shop", "rolled-1-a", "worker", rolled),
            await PodAsync(world, "shop", "nightly-1-a", "worker", nightly1),
            await PodAsync(world, "shop", "alone", "worker"),
            await PodAsync(world, "shop", "custom", "worker", new("argoproj.io/v1alpha1", "Workflow", "flow")),
            await PodAsync(world, "shop", "early", "worker", new("batch/v1", "Job", "late")),
        ];
        await world.ApplyAsync(WithOutput(Enriched(new() { OwnerLabels = ["app"] })));

        await world.UntilAsync("the worker's agent knows", () => Task.FromResult(OwnersOf(world) is { Count: > 0 }), 60);

        var owners = OwnersOf(world)!;
        Assert.Equal("deployments shop/cart cart", Owner(owners, uids[0]));
        Assert.Equal("replicasets shop/rolled-1 rolled", Owner(owners, uids[1]));
        Assert.Equal("cronjobs shop/nightly cron", Owner(owners, uids[2]));
        Assert.Equal(("none", "none"), (Owner(owners, uids[3]), Owner(owners, uids[4])));
        Assert.Equal("unknown", Owner(owners, uids[5]));
        var late = await ControllerAsync<V1Job>(world, "late", null, "late");
        await PodAsync(world, "shop", "early", "worker", late);
        await world.UntilAsync(
            "what came late is known", () => Task.FromResult(Owner(OwnersOf(world)!, uids[5]) == "jobs shop/late late"), 60);
        await world.WithinAMinuteAsync("Enriched", "True", "Enriched");
        Assert.Null(Handed(world, "worker", Workloads)!.Namespaces);
        Assert.Null(Handed(world, "cp-1"));
    }

    [Fact]
    public async Task AControllerThatIsGoneIsKnownWhileItsPodsEnd()
    {
        await using var world = await WithWorkerAsync();
        var job = await ControllerAsync<V1Job>(world, "log", null, "log");
        var uid = await PodAsync(world, "shop", "log-a", "worker", job);
        await world.ApplyAsync(WithOutput(Enriched(new() { OwnerLabels = ["app"] })));
        await world.UntilAsync("the worker's agent knows", () => Task.FromResult(OwnersOf(world) is { Count: > 0 }), 60);

        await world.User.DeleteAsync(ResourceType.Of<V1Job>(), new("shop", "log"), Cancel);
        await world.AdvanceAsync(60);

        Assert.Equal("jobs shop/log log", Owner(OwnersOf(world)!, uid));

        var next = await ControllerAsync<V1Job>(world, "log", null, "next");
        var ofNext = await PodAsync(world, "shop", "log-b", "worker", next);
        await world.UntilAsync(
            "the next one is known", () => Task.FromResult(Owner(OwnersOf(world)!, ofNext) == "jobs shop/log next"), 60);
        Assert.Equal("jobs shop/log log", Owner(OwnersOf(world)!, uid));
    }

    [Fact]
    public async Task WithoutOwnerLabelsNoControllersAreListed()
    {
        await using var world = await WithWorkerAsync();
        var lists = 0;
        world.Fault = call =>
        {
            if (call is { Verb: "list", Type.Plural: "replicasets" or "deployments" or "jobs" or "cronjobs" })
                Interlocked.Increment(ref lists);
            return null;
        };
        // Nor where no agents on all nodes are.
        await world.ApplyAsync(Enriched(new() { NamespaceLabels = ["team"], OwnerLabels = ["app"] }));
        await world.WithinAMinuteAsync("Enriched", "True", "Enriched");
        await world.ApplyAsync(WithOutput(Enriched(new() { NamespaceLabels = ["team"] })));
        await world.WithinAMinuteAsync("Ready", "True", "Recording");

        Assert.Equal(0, lists);
    }

    [Theory]
    [InlineData("batch.volcano.sh/v1alpha1", "none")]
    [InlineData("batch/v1", "unknown")]
    public async Task APodGetsNoLabelsOfAControllerThatOnlyHasTheSameKindAndName(string apiVersion, string expected)
    {
        await using var world = await WithWorkerAsync();
        // Another one: of another group, or of the same one that was made after the pod's was deleted.
        await ControllerAsync<V1Job>(world, "training", null, "of-another-team");
        var uid = await PodAsync(world, "shop", "training-0", "worker", new(apiVersion, "Job", "training"));
        await world.ApplyAsync(WithOutput(Enriched(new() { OwnerLabels = ["app"] })));
        await world.UntilAsync("the worker's agent knows", () => Task.FromResult(OwnersOf(world) is { Count: > 0 }), 60);

        Assert.Equal(expected, Owner(OwnersOf(world)!, uid));
    }

    [Fact]
    public async Task APodOfAJobOfAnotherGroupIsKnownToHaveNoController()
    {
        await using var world = await WithWorkerAsync();
        var uid = await PodAsync(world, "shop", "training-0", "worker", new("batch.volcano.sh/v1alpha1", "Job", "training"));
        await world.ApplyAsync(WithOutput(Enriched(new() { OwnerLabels = ["app"] })));
        await world.UntilAsync("the worker's agent knows", () => Task.FromResult(OwnersOf(world) is { Count: > 0 }), 60);

        // Otherwise each of its records counts as one that lacks labels, for ever.
        Assert.Equal("none", Owner(OwnersOf(world)!, uid));
    }

    static async Task<SteppedWorld> WithWorkerAsync()
    {
        var world = await SteppedWorld.StartAsync("cp-1");
        await world.Nodes.AddNodeAsync("worker", taints: ["dedicated=gpu:NoSchedule"], cancellationToken: Cancel);
        return world;
    }

    static Trail WithOutput(Trail trail) => trail with
    {
        Spec = trail.Spec with { Workloads = [new() { Namespaces = ["shop"], Output = new() }] },
    };

    static IReadOnlyList<OwnedPods>? OwnersOf(SteppedWorld world) => Handed(world, "worker", Workloads)?.Owners;

    static string Owner(IReadOnlyList<OwnedPods> owners, string uid) => owners.SingleOrDefault(one => one.Pods.Contains(uid)) is not { } found
        ? "unknown"
        : found.Owner is { } owner ? $"{owner.Resource} {owner.Namespace}/{owner.Name} {owner.Labels["app"]}" : "none";

    static async Task<Controller> ControllerAsync<T>(SteppedWorld world, string name, Controller? above, string app)
    {
        var type = ResourceType.Of<T>();
        var made = await world.User.ApplyAsync(
            new(type, new()
            {
                ["metadata"] = new JsonObject
                {
                    ["name"] = name,
                    ["namespace"] = "shop",
                    ["labels"] = new JsonObject { ["app"] = app, ["other"] = "value" },
                    ["ownerReferences"] = References(above),
                },
            }),
            Cancel);
        return new(type.ApiVersion, type.Kind, name, made.Uid!);
    }

    static JsonArray? References(Controller? controller) => controller is null ? null :
        [
            new JsonObject
            {
                ["apiVersion"] = controller.ApiVersion,
                ["kind"] = controller.Kind,
                ["name"] = controller.Name,
                ["uid"] = controller.Uid,
                ["controller"] = true,
            },
        ];

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

    static async Task<string> PodAsync(
        SteppedWorld world, string within, string name, string node, Controller? controller = null) =>
        (await world.User.ApplyAsync(
            new(ResourceType.Of<V1Pod>(), new()
            {
                ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = within, ["ownerReferences"] = References(controller) },
                ["spec"] = new JsonObject { ["nodeName"] = node },
            }),
            Cancel)).Uid!;

    sealed record Controller(string ApiVersion, string Kind, string Name, string Uid = "that-of-one-that-is-not-there");
}
