namespace ClusterTrail.Testing.Nodes.Tests;

/// <summary>Which nodes get a pod, and how pods are replaced.</summary>
public sealed class DaemonSetControllerTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EachNodeThatMatchesGetsAPodAndTheStatusCountsThem()
    {
        await using var cluster = await Cluster.RunningAsync("cp-1", "cp-2");
        await cluster.Nodes.AddNodeAsync("worker-1", cancellationToken: Cancel);
        await cluster.SettleAsync();

        var pods = await cluster.PodsAsync();

        Assert.Equal(["cp-1", "cp-2"], pods.Select(PodOf.Node).Order());
        Assert.Equal(Some.Counts(2, 2, 2, 0, 2, 2, 0, 1), await cluster.StatusAsync());
        var pod = pods[0];
        Assert.StartsWith("agents-", pod.Metadata.Name, StringComparison.Ordinal);
        Assert.Equal(
            ("DaemonSet", "agents", true),
            (pod.Metadata.OwnerReferences![0].Kind, pod.Metadata.OwnerReferences[0].Name, pod.Metadata.OwnerReferences[0].Controller));
        Assert.NotNull(pod.Metadata.Labels![PodOf.Hash]);
        Assert.Equal(["Created pod", "Created pod"], (await cluster.NotesAsync("SuccessfulCreate")).Select(note => note[..11]));
    }

    [Fact]
    public async Task ATaintThatNobodyToleratesKeepsPodsAway()
    {
        await using var cluster = new Cluster();
        await cluster.Nodes.AddNodeAsync(
            "cp-1", new Dictionary<string, string> { [NodeWorld.ControlPlane] = "" }, ["dedicated=db:NoSchedule"], Cancel);
        await cluster.ApplyAsync(Some.ConfigMapOf());
        await cluster.ApplyAndSettleAsync(Some.DaemonSetOf());
        Assert.Empty(await cluster.PodsAsync());
        Assert.Equal(0, (await cluster.StatusAsync()).DesiredNumberScheduled);

        await cluster.Nodes.UntaintAsync("cp-1", "dedicated=db:NoSchedule", Cancel);
        await cluster.SettleAsync();

        Assert.True(PodOf.IsReady(await cluster.PodAsync("cp-1")));
    }

    [Fact]
    public async Task ATaintOfNoScheduleLeavesThePodMisscheduledAndOneOfNoExecuteRemovesIt()
    {
        await using var cluster = await Cluster.RunningAsync("cp-1");
        await cluster.Nodes.TaintAsync("cp-1", "dedicated=db:NoSchedule", Cancel);
        await cluster.SettleAsync();
        Assert.Equal((0, 1), ((await cluster.StatusAsync()).DesiredNumberScheduled, (await cluster.StatusAsync()).NumberMisscheduled));
        Assert.False((await cluster.PodAsync("cp-1")).IsDeleted);

        await cluster.Nodes.TaintAsync("cp-1", "dedicated=db:NoExecute", Cancel);
        await cluster.SettleAsync();

        Assert.Empty(await cluster.PodsAsync());
        Assert.Equal(0, (await cluster.StatusAsync()).NumberMisscheduled);
    }

    [Fact]
    public async Task TheTaintsThatNodesGetInTroubleAreTolerated()
    {
        await using var cluster = new Cluster();
        var labels = new Dictionary<string, string> { [NodeWorld.ControlPlane] = "" };
        string[] troubles = ["node.kubernetes.io/not-ready:NoExecute", "node.kubernetes.io/disk-pressure:NoSchedule"];
        await cluster.Nodes.AddNodeAsync("cp-1", labels, [.. troubles, "node.kubernetes.io/pid-pressure:NoSchedule"], Cancel);
        await cluster.Nodes.AddNodeAsync("cp-2", labels, ["node.kubernetes.io/network-unavailable:NoSchedule"], Cancel);
        await cluster.ApplyAsync(Some.ConfigMapOf());

        await cluster.ApplyAndSettleAsync(Some.DaemonSetOf());
        Assert.Equal("cp-1", PodOf.Node(Assert.Single(await cluster.PodsAsync())));

        await cluster.ApplyAndSettleAsync(Some.DaemonSetOf(spec => spec["hostNetwork"] = true));
        Assert.Equal(2, (await cluster.PodsAsync()).Count);
    }

    [Fact]
    public async Task ALabelThatIsTakenAwayRemovesThePod()
    {
        await using var cluster = await Cluster.RunningAsync("cp-1");

        await cluster.Nodes.LabelAsync("cp-1", NodeWorld.ControlPlane, value: null, Cancel);
        await cluster.SettleAsync();

        Assert.Empty(await cluster.PodsAsync());
    }

    [Fact]
    public async Task AnotherTemplateReplacesPodsOneAtATimeTheNextWhenTheNewOneIsAvailable()
    {
        await using var cluster = await Cluster.RunningAsync("cp-1", "cp-2", "cp-3");
        var before = (await cluster.PodsAsync()).Select(pod => pod.Metadata.Name).ToHashSet();
        foreach (var node in new[] { "cp-1", "cp-2", "cp-3" })
            cluster.Nodes.AgentOf(node).EndsAfter = TimeSpan.FromSeconds(5);
        foreach (var node in new[] { "cp-1", "cp-2", "cp-3" })
            cluster.Nodes.AgentOf(node).IsReady = false;
        await cluster.AdvanceAsync(1);

        await cluster.ApplyAndSettleAsync(Some.DaemonSetOf(revision: "2"));
        var first = Assert.Single(await cluster.PodsAsync(), pod => pod.IsDeleted);
        await cluster.AdvanceAsync(8);

        // The new one runs and is not ready: the others stay as they are.
        var pods = await cluster.PodsAsync();
        Assert.DoesNotContain(pods, pod => pod.IsDeleted);
        Assert.DoesNotContain(first.Metadata.Name, pods.Select(pod => pod.Metadata.Name));
        Assert.Equal(2, pods.Count(pod => before.Contains(pod.Metadata.Name)));
        Assert.Equal(Some.Counts(3, 3, 2, 0, 1, 2, 1, 2), await cluster.StatusAsync());

        foreach (var node in new[] { "cp-1", "cp-2", "cp-3" })
            cluster.Nodes.AgentOf(node).IsReady = true;
        await cluster.AdvanceAsync(40);

        Assert.DoesNotContain(await cluster.PodsAsync(), pod => before.Contains(pod.Metadata.Name));
        Assert.Equal(Some.Counts(3, 3, 3, 0, 3, 3, 0, 2), await cluster.StatusAsync());
    }

    [Fact]
    public async Task ADeletedPodTerminatesAndThenAnotherComes()
    {
        await using var cluster = await Cluster.RunningAsync("cp-1");
        var before = await cluster.PodAsync("cp-1");
        cluster.Nodes.AgentOf("cp-1").EndsAfter = TimeSpan.FromSeconds(5);

        await cluster.DeleteAsync(before);
        await cluster.SettleAsync();
        Assert.Equal(before.Metadata.Name, (await cluster.PodAsync("cp-1")).Metadata.Name);
        await cluster.AdvanceAsync(6);

        var after = await cluster.PodAsync("cp-1");
        Assert.NotEqual(before.Metadata.Name, after.Metadata.Name);
        Assert.True(PodOf.IsReady(after));
    }

    [Fact]
    public async Task ADeletedDaemonSetTakesItsPodsAlong()
    {
        await using var cluster = await Cluster.RunningAsync("cp-1");
        cluster.Nodes.AgentOf("cp-1").EndsAfter = TimeSpan.FromSeconds(5);

        await cluster.DeleteDaemonSetAsync();
        await cluster.SettleAsync();
        Assert.True((await cluster.PodAsync("cp-1")).IsDeleted);
        await cluster.AdvanceAsync(6);

        Assert.Empty(await cluster.PodsAsync());
    }

    [Fact]
    public async Task AFullNodeLeavesThePodPending()
    {
        await using var cluster = new Cluster();
        await cluster.Nodes.AddControlPlaneNodeAsync("cp-1", Cancel);
        await cluster.Nodes.AddNodeAsync("worker-1", cancellationToken: Cancel);
        cluster.Nodes.Fill("cp-1", "memory");
        await cluster.ApplyAsync(Some.ConfigMapOf());

        await cluster.ApplyAndSettleAsync(Some.DaemonSetOf());

        var pod = await cluster.PodAsync("cp-1");
        Assert.Equal(("Pending", null), ((string?)pod.Status!["phase"], PodOf.Node(pod)));
        Assert.Equal(
            ["0/2 nodes are available: 1 Insufficient memory, 1 node(s) didn't satisfy plugin(s) [NodeAffinity]. "
                + "preemption: 0/2 nodes are available: "
                + "1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling."],
            await cluster.NotesAsync("FailedScheduling"));
        cluster.Nodes.Fill("cp-1", resource: null);
        await cluster.SettleAsync();
        Assert.True(PodOf.IsReady(await cluster.PodAsync("cp-1")));
    }
}
