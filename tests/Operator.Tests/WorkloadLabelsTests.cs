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

    static async Task<string> PodAsync(SteppedWorld world, string name, string node, string app) => (await world.User.ApplyAsync(
        new(ResourceType.Of<V1Pod>(), new()
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = "shop",
                ["labels"] = new JsonObject { ["app"] = app, ["other"] = "value" },
            },
            ["spec"] = new JsonObject { ["nodeName"] = node },
        }),
        Cancel)).Uid!;
}
