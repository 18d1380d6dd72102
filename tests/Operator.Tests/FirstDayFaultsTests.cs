using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Testing.Nodes;
using k8s.Models;

namespace ClusterTrail.Operator.Tests;

/// <summary>What admins meet on real clusters, with the whole operator, nodes and a clock: what is said within a minute, and what is never
/// said.</summary>
public sealed class FirstDayFaultsTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AHealthyStartWarnsOfNothing()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1", "cp-2"]);

        Assert.Empty(await world.WarningsAsync());
        Assert.DoesNotContain(world.Seen, seen => seen.Status == "False");
    }

    [Fact]
    public async Task ASinkThatFailsLeavesAgentsAvailableAndIsTheReason()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);
        var since = world.Now;
        world.Nodes.AgentOf("cp-1").Says = status => status with
        {
            Spool = status.Spool with { Batches = 3, Bytes = 3000 },
            Sinks = [status.Sinks[0] with { LastError = new(world.Now, since, "SignatureDoesNotMatch", "The secret key is wrong.", 5) }],
        };

        await world.WithinAMinuteAsync("Ready", "False", "SignatureDoesNotMatch");
        await world.AdvanceAsync(660);

        Assert.Equal(("True", "AllAvailable"), await world.ConditionAsync("Available"));
        Assert.Single(await world.WarningsAsync());
    }

    [Fact]
    public async Task ATaintThatNobodyToleratesIsToldWithItsNode()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"], trail =>
            trail with { Spec = trail.Spec with { Agent = new() { Tolerations = [] } } });

        await world.Nodes.AddNodeAsync(
            "cp-2", new Dictionary<string, string> { [NodeWorld.ControlPlane] = "" }, ["dedicated=etcd:NoSchedule"], Cancel);

        await world.WithinAMinuteAsync("Covered", "False", "TaintNotTolerated");
        Assert.Contains("cp-2 has the taint dedicated=etcd:NoSchedule", await world.MessageAsync("Ready"), StringComparison.Ordinal);
        var status = (await world.TrailAsync())!.Status!;
        Assert.Equal(("1/2", "Missing", "TaintNotTolerated"), (status.Agents!.Summary, status.Nodes![1].State, status.Nodes[1].Reason));
    }

    [Fact]
    public async Task TheOnlyControlPlaneNodeWithSuchATaintIsNotBlamedOnTheSelector()
    {
        await using var world = await SteppedWorld.StartAsync();
        await world.Nodes.AddNodeAsync(
            "cp-1", new Dictionary<string, string> { [NodeWorld.ControlPlane] = "" }, ["dedicated=etcd:NoSchedule"], Cancel);
        await world.ApplyAsync(Some.Trail() with { Spec = Some.Trail().Spec with { Agent = new() { Tolerations = [] } } });

        await world.WithinAMinuteAsync("Ready", "False", "TaintNotTolerated");
    }

    [Fact]
    public async Task ByDefaultAnAgentGoesWhereKubeApiserverGoes()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);

        await world.Nodes.AddNodeAsync(
            "cp-2", new Dictionary<string, string> { [NodeWorld.ControlPlane] = "true" },
            ["dedicated=etcd:NoSchedule", "CriticalAddonsOnly=true:NoExecute"], Cancel);
        await world.Nodes.AddNodeAsync("worker-1", cancellationToken: Cancel);

        await world.UntilAsync(
            "both report", async () => (await world.TrailAsync())!.Status!.Agents is { Reporting: 2, Summary: "2/2" }, 60);
        Assert.Empty(await world.WarningsAsync());
        Assert.Equal(["cp-1", "cp-2"], (await world.TrailAsync())!.Status!.Nodes!.Select(node => node.Name));
    }

    [Theory]
    [InlineData("restricted")]
    [InlineData("baseline")]
    public async Task PodSecurityIsNamedWithTheLabelThatAllowsAgents(string level)
    {
        await using var world = await SteppedWorld.StartAsync("cp-1");
        await world.User.ApplyAsync(NamespaceWith("pod-security.kubernetes.io/enforce", level), Cancel);
        await world.ApplyAsync(Some.Trail());

        await world.WithinAMinuteAsync("Ready", "False", "PodRefused");

        Assert.Contains(
            $"kubectl label namespace {Some.Namespace} pod-security.kubernetes.io/enforce=privileged --overwrite",
            await world.MessageAsync("Covered"), StringComparison.Ordinal);
        await world.AdvanceAsync(300);
        Assert.Single(await world.WarningsAsync());
    }

    [Fact]
    public async Task AQuotaIsNamed()
    {
        await using var world = await SteppedWorld.StartAsync("cp-1");
        await world.User.ApplyAsync(NamespaceWith("team", "platform"), Cancel);
        world.Nodes.RefusePods(Some.Namespace, PodRefusal.Quota("few-pods", 1));
        await world.ApplyAsync(Some.Trail());

        await world.WithinAMinuteAsync("Ready", "False", "PodRefused");
        Assert.Contains("few-pods", await world.MessageAsync("Ready"), StringComparison.Ordinal);

        world.Nodes.AllowPods(Some.Namespace);
        await world.UntilAsync("the agent is there", async () => (await world.ConditionAsync("Ready")).Status == "True", 1200);
    }

    [Fact]
    public async Task AnImageThatCannotBePulledIsOneWarningHoweverOftenItIsTried()
    {
        await using var world = await SteppedWorld.StartAsync("cp-1");
        world.Nodes.BreakImage("clustertrail-agent:test", "401 Unauthorized");
        await world.ApplyAsync(Some.Trail());

        await world.WithinAMinuteAsync("Ready", "False", "ImagePullFailed");
        await world.AdvanceAsync(300);

        Assert.Contains("401 Unauthorized", await world.MessageAsync("Ready"), StringComparison.Ordinal);
        Assert.Single(await world.WarningsAsync());
        Assert.Equal(["Unknown", "False"], world.Seen.Where(seen => seen.Condition == "Available").Select(seen => seen.Status).Distinct());
    }

    [Fact]
    public async Task AnAgentWithTooLittleMemorySaysSo()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);

        world.Nodes.Crash("cp-1", oomKilled: true);
        await world.WithinAMinuteAsync("Ready", "False", "OutOfMemory");
        for (var crash = 0; crash < 5; crash++)
        {
            await world.AdvanceAsync(30);
            world.Nodes.Crash("cp-1", oomKilled: true);
        }

        Assert.Single(await world.WarningsAsync());
        await world.AdvanceAsync(600);
        Assert.Equal(("True", "Recording"), await world.ConditionAsync("Ready"));
    }

    [Fact]
    public async Task ALogFolderThatIsNotThereIsToldAndNotMade()
    {
        await using var world = await SteppedWorld.StartAsync("cp-1");
        world.Nodes.PutHostPath("cp-1", "/var/log/kubernetes/audit", HostPathKind.Missing);
        await world.ApplyAsync(Some.Trail());

        await world.WithinAMinuteAsync("Ready", "False", "MountFailed");

        Assert.Contains("set the path to kube-apiserver's --audit-log-path", await world.MessageAsync("Ready"), StringComparison.Ordinal);
    }

    static JsonResource NamespaceWith(string label, string value) => new(
        new("", "v1", "Namespace", "namespaces", Namespaced: false),
        new() { ["metadata"] = new JsonObject { ["name"] = Some.Namespace, ["labels"] = new JsonObject { [label] = value } } });
}
