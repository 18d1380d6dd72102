using ClusterTrail.Kubernetes;
using k8s.Models;

namespace ClusterTrail.Testing.Nodes.Tests;

/// <summary>Nodes that are drained, lost, found again and removed.</summary>
public sealed class NodeTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ADrainedNodeKeepsItsPods()
    {
        await using var cluster = await Cluster.RunningAsync("cp-1");

        await cluster.Nodes.DrainAsync("cp-1", Cancel);
        await cluster.SettleAsync();

        var node = await NodeAsync(cluster);
        Assert.True(node.Spec!.Unschedulable);
        Assert.Contains(node.Spec.Taints!, taint => taint is { Key: "node.kubernetes.io/unschedulable", Effect: "NoSchedule" });
        Assert.True(PodOf.IsReady(await cluster.PodAsync("cp-1")));
        await cluster.DeleteAsync(await cluster.PodAsync("cp-1"));
        await cluster.SettleAsync();
        Assert.True(PodOf.IsReady(await cluster.PodAsync("cp-1")));

        await cluster.Nodes.UncordonAsync("cp-1", Cancel);
        await cluster.SettleAsync();
        Assert.DoesNotContain((await NodeAsync(cluster)).Spec!.Taints!, taint => taint.Key == "node.kubernetes.io/unschedulable");
    }

    [Fact]
    public async Task ALostNodeIsGivenUpAndItsPodsStay()
    {
        await using var cluster = await Cluster.RunningAsync("cp-1");
        await cluster.Nodes.LoseAsync("cp-1");
        await cluster.AdvanceAsync(39);
        Assert.True(PodOf.IsReady(await cluster.PodAsync("cp-1")));

        await cluster.AdvanceAsync(2);

        var node = await NodeAsync(cluster);
        Assert.Equal(("Unknown", "NodeStatusUnknown"), (node.Status!.Conditions![0].Status, node.Status.Conditions[0].Reason));
        Assert.Contains(node.Spec!.Taints!, taint => taint is { Key: "node.kubernetes.io/unreachable", Effect: "NoExecute" });
        var pod = await cluster.PodAsync("cp-1");
        Assert.Equal(("Running", false, false), ((string?)pod.Status!["phase"], PodOf.IsReady(pod), pod.IsDeleted));
        // A DaemonSet tolerates unreachable:NoExecute and not unreachable:NoSchedule: the node no longer counts.
        Assert.Equal(Some.Counts(0, 0, 0, 1, 0, 0, 0, 1), await cluster.StatusAsync());
        using var http = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(
            () => http.GetStringAsync($"http://{pod.Status["podIP"]}:{Some.Port}/status", Cancel));
    }

    [Fact]
    public async Task WhatIsDeletedOnALostNodeTerminatesUntilTheNodeReturns()
    {
        await using var cluster = await Cluster.RunningAsync("cp-1");
        var before = await cluster.PodAsync("cp-1");
        await cluster.Nodes.LoseAsync("cp-1");
        await cluster.AdvanceAsync(60);

        await cluster.DeleteDaemonSetAsync();
        await cluster.AdvanceAsync(600);
        Assert.True((await cluster.PodAsync("cp-1")).IsDeleted);
        Assert.NotNull(cluster.Nodes.AgentOf("cp-1").Running);
        await cluster.Nodes.ReturnAsync("cp-1");
        await cluster.AdvanceAsync(1);

        Assert.DoesNotContain(await cluster.PodsAsync(), pod => pod.Uid == before.Uid);
        Assert.Null(cluster.Nodes.AgentOf("cp-1").Running);
    }

    [Fact]
    public async Task ANodeThatReturnsIsWellAndSoAreItsPods()
    {
        await using var cluster = await Cluster.RunningAsync("cp-1");
        var before = await cluster.PodAsync("cp-1");
        await cluster.Nodes.LoseAsync("cp-1");
        await cluster.AdvanceAsync(60);

        await cluster.Nodes.ReturnAsync("cp-1");
        await cluster.AdvanceAsync(1);

        var node = await NodeAsync(cluster);
        Assert.Equal("True", node.Status!.Conditions![0].Status);
        Assert.DoesNotContain(node.Spec!.Taints!, taint => taint.Key == "node.kubernetes.io/unreachable");
        var after = await cluster.PodAsync("cp-1");
        Assert.Equal((before.Uid, true), (after.Uid, PodOf.IsReady(after)));
        Assert.Equal(1, (await cluster.StatusAsync()).NumberAvailable);
    }

    [Fact]
    public async Task TheNextOfARollingUpdateWaitsForALostNode()
    {
        await using var cluster = await Cluster.RunningAsync("cp-1", "cp-2");
        await cluster.Nodes.LoseAsync("cp-1");
        await cluster.AdvanceAsync(60);
        var others = await cluster.PodAsync("cp-2");

        await cluster.ApplyAndSettleAsync(Some.DaemonSetOf(revision: "2"));
        await cluster.AdvanceAsync(60);

        Assert.True((await cluster.PodAsync("cp-1")).IsDeleted);
        Assert.Equal((others.Uid, false), ((await cluster.PodAsync("cp-2")).Uid, (await cluster.PodAsync("cp-2")).IsDeleted));
    }

    [Fact]
    public async Task TheProcessesOfARemovedNodeEndAndItsPodsAreCollected()
    {
        await using var cluster = await Cluster.RunningAsync("cp-1", "cp-2");

        await cluster.Nodes.DeleteNodeAsync("cp-1", Cancel);
        await cluster.SettleAsync();

        Assert.Equal("cp-2", PodOf.Node(Assert.Single(await cluster.PodsAsync())));
        Assert.Null(cluster.Nodes.AgentOf("cp-1").Running);
        Assert.Equal(1, (await cluster.StatusAsync()).DesiredNumberScheduled);
    }

    [Fact]
    public async Task APodThatIsRemovedByForceRunsNoMore()
    {
        await using var cluster = await Cluster.RunningAsync("cp-1");
        var pod = await cluster.User.GetAsync<V1Pod>((await cluster.PodAsync("cp-1")).Key, Cancel);

        await cluster.User.SaveAsync(pod! with { Metadata = pod.Metadata with { Finalizers = [] } }, Cancel);
        await cluster.User.DeleteAsync(ResourceType.Of<V1Pod>(), pod.Key, Cancel);
        await cluster.SettleAsync();

        Assert.NotEqual(pod.Metadata.Name, (await cluster.PodAsync("cp-1")).Metadata.Name);
        Assert.Equal(2, cluster.Nodes.AgentOf("cp-1").Started);
    }

    static async Task<V1Node> NodeAsync(Cluster cluster) => (await cluster.User.GetAsync<V1Node>(new(null, "cp-1"), Cancel))!;
}
