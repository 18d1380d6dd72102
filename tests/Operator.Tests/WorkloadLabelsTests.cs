using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Testing.Nodes;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Operator.Tests;

/// <summary>Rules about workloads that name labels of pods: agents get those of their own node's pods.</summary>
public sealed class WorkloadLabelsTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AgentsGetTheLabelsOfTheirNodesPodsOnly()
    {
        await using var world = await WithWorkerAsync();
        var cart = await PodAsync(world, "cart-0", "worker", "cart");
        var checkout = await PodAsync(world, "checkout-0", "cp-1", "checkout");
        await world.ApplyAsync(Asking(Labelled("app", "cart")));
        await world.UntilAsync("the worker's agent knows", () => Knows(world, "worker", cart), 60);
        var brief = await PodAsync(world, "brief", "worker", "cart");
        await world.AdvanceAsync(1);
        await world.User.DeleteAsync(ResourceType.Of<V1Pod>(), new("shop", "brief"), Cancel);
        await world.UntilAsync("a pod that is gone is known too", () => Knows(world, "worker", brief), 60);

        var labels = world.Nodes.AgentOf("worker", Workloads).Labels!;
        Assert.Equal(("main", "worker"), (labels.Trail, labels.Node));
        Assert.DoesNotContain(checkout, labels.Pods.Select(pod => pod.Uid));
        Assert.Equal("""{"app":"cart"}""", JsonSerializer.Serialize(labels.Pods.Single(pod => pod.Uid == cart).Labels));
        Assert.Contains(checkout, world.Nodes.AgentOf("cp-1", Workloads).Labels!.Pods.Select(pod => pod.Uid));

        await world.AdvanceAsync(660);
        Assert.DoesNotContain(brief, world.Nodes.AgentOf("worker", Workloads).Labels!.Pods.Select(pod => pod.Uid));
    }

    [Fact]
    public async Task AStaticPodIsKnownByTheIdThatTheKubeletGaveIt()
    {
        const string own = "0123456789abcdef0123456789abcdef";
        await using var world = await WithWorkerAsync();
        var real = await PodAsync(world, "cart-0", "worker", "cart");
        await PodAsync(world, "static-worker", "worker", "cart", mirrorOf: own);
        // Anybody may write this: it shadows no pod that is not static.
        await PodAsync(world, "evil", "worker", "evil", mirrorOf: real);
        await world.ApplyAsync(Asking(Labelled("app", "cart")));

        await world.UntilAsync("the worker's agent knows", () => Knows(world, "worker", own), 60);

        var pods = world.Nodes.AgentOf("worker", Workloads).Labels!.Pods;
        Assert.Equal("cart", pods.Single(pod => pod.Uid == real).Labels["app"]);
        Assert.Equal("cart", pods.Single(pod => pod.Uid == own).Labels["app"]);
    }

    [Fact]
    public async Task LabelsThatDoNotComeAreACondition()
    {
        await using var world = await WithWorkerAsync();
        await world.ApplyAsync(Asking(Labelled("app", "cart")));
        await world.WithinAMinuteAsync("WorkloadsSynced", "True", "Synced");

        Wait(world, seconds: 20);
        await world.WithinAMinuteAsync("WorkloadsSynced", "True", "WaitingForLabels");
        Wait(world, seconds: 61);
        await world.WithinAMinuteAsync("WorkloadsSynced", "False", "LabelsUnknown");
        Assert.Contains("On worker, logs of pods are held open", await world.MessageAsync("WorkloadsSynced"), StringComparison.Ordinal);
        await world.WithinAMinuteAsync("Ready", "False", "LabelsUnknown");
        world.Nodes.AgentOf("worker", Workloads).Says = status => status;

        await world.WithinAMinuteAsync("WorkloadsSynced", "True", "Synced");
        await world.WithinAMinuteAsync("Ready", "True", "Recording");
    }

    [Fact]
    public async Task LabelsThatAnAgentRefusesAreACondition()
    {
        await using var world = await WithWorkerAsync();
        await world.ApplyAsync(Asking(Labelled("app", "cart")));
        await world.WithinAMinuteAsync("WorkloadsSynced", "True", "Synced");

        world.Nodes.AgentOf("worker", Workloads).RefusesLabels = true;
        Wait(world, seconds: 61);
        await PodAsync(world, "cart-0", "worker", "cart");
        await world.WithinAMinuteAsync("WorkloadsSynced", "False", "LabelsNotSent");

        var message = await world.MessageAsync("WorkloadsSynced");
        Assert.Contains("On worker, logs of pods are held open", message, StringComparison.Ordinal);
        Assert.Contains("the disk is full", message, StringComparison.Ordinal);
        world.Nodes.AgentOf("worker", Workloads).RefusesLabels = false;
        world.Nodes.AgentOf("worker", Workloads).Says = status => status;
        await world.WithinAMinuteAsync("WorkloadsSynced", "True", "Synced");
    }

    [Fact]
    public async Task WithoutRulesThatNameLabelsNoPodsAreListed()
    {
        await using var world = await WithWorkerAsync();
        var lists = 0;
        world.Fault = call =>
        {
            if (call is { Verb: "list", Type.Plural: "pods" })
                lists++;
            return null;
        };

        await world.ApplyAsync(Asking(Output("shop")));
        await world.WithinAMinuteAsync("Ready", "True", "Recording");
        var before = lists;
        await world.ApplyAsync(Asking(Labelled("app", "cart")));
        await world.UntilAsync("labels are sent", () => Task.FromResult(world.Nodes.AgentOf("worker", Workloads).Labels is not null), 60);

        Assert.Equal((0, true), (before, lists > 0));
    }

    static string Workloads => NodeWorld.WorkloadsOf();

    static void Wait(SteppedWorld world, long seconds) => world.Nodes.AgentOf("worker", Workloads).Says = status => status with
    {
        Sources =
        [
            .. status.Sources.Select(source => source.Containers is not { } containers ? source : source with
            {
                Containers = containers with { Undecided = 1, WaitingSeconds = seconds },
            }),
        ],
    };

    static async Task<SteppedWorld> WithWorkerAsync()
    {
        var world = await SteppedWorld.StartAsync("cp-1");
        await world.Nodes.AddNodeAsync("worker", taints: ["dedicated=gpu:NoSchedule"], cancellationToken: Cancel);
        return world;
    }

    static Trail Asking(params TrailWorkload[] workloads) => Some.Trail() is var trail
        ? trail with { Spec = trail.Spec with { Workloads = workloads } }
        : trail;

    static TrailWorkload Output(string @namespace) => new() { Namespaces = [@namespace], Output = new() };

    static TrailWorkload Labelled(string key, string value) => new()
    {
        Namespaces = ["shop"],
        Pods = new() { MatchLabels = new Dictionary<string, string> { [key] = value } },
        Output = new(),
    };

    static Task<bool> Knows(SteppedWorld world, string node, string uid) => Task.FromResult(
        world.Nodes.AgentOf(node, Workloads).Labels?.Pods.Any(pod => pod.Uid == uid) == true);

    static async Task<string> PodAsync(
        SteppedWorld world, string name, string node, string app, string? mirrorOf = null) => (await world.User.ApplyAsync(
        new(ResourceType.Of<V1Pod>(), new()
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = "shop",
                ["labels"] = new JsonObject { ["app"] = app, ["other"] = "value" },
                ["annotations"] = mirrorOf is null ? null : new JsonObject { ["kubernetes.io/config.mirror"] = mirrorOf },
            },
            ["spec"] = new JsonObject { ["nodeName"] = node },
        }),
        Cancel)).Uid!;
}
