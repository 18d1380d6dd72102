using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Testing.Nodes;
using ClusterTrail.Trails.Api;
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

    [Fact]
    public async Task ReplacingAgentsLeavesTheTrailReady()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1", "cp-2", "cp-3"]);
        world.Nodes.AgentOf("cp-1").EndsAfter = TimeSpan.FromSeconds(30);
        var before = world.Seen.Count;

        var trail = Some.Trail();
        await world.ApplyAsync(trail with { Spec = trail.Spec with { Batch = new() { MaxAgeSeconds = 7 } } });
        await world.UntilAsync(
            "all were replaced",
            () =>
                Task.FromResult(
                    world.Nodes.AgentOf("cp-1").Started == 2 && world.Nodes.AgentOf("cp-2").Started == 2 && world.Nodes
                        .AgentOf("cp-3").Started == 2),
            180);
        await world.AdvanceAsync(60);

        Assert.All(world.Seen.Skip(before).Where(seen => seen.Condition is "Ready" or "Receiving" or "Delivering" or "Covered"), seen =>
            Assert.Equal("True", seen.Status));
        Assert.Empty(await world.WarningsAsync());
    }

    [Fact]
    public async Task ATeamsSelectorLeavesTheTrailReadyWhileKubeletsAreSlow()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"], trail =>
            trail with { Spec = trail.Spec with { SelectorPolicy = new() { From = SelectorPolicyFrom.All } } });
        world.Nodes.SlowConfigMaps(TimeSpan.FromSeconds(75));
        var before = world.Seen.Count;

        await world.User.ApplyAsync(Some.Selector("team-a", "more").ToJson(), Cancel);
        await world.AdvanceAsync(120);

        Assert.Equal(("True", "Synced"), await world.ConditionAsync("SelectorsSynced"));
        Assert.DoesNotContain(world.Seen.Skip(before), seen => seen.Condition == "Ready");
        Assert.Equal(1, world.Nodes.AgentOf("cp-1").Started);
    }

    [Fact]
    public async Task StoppingATrailRestartsNoAgent()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);
        var trail = Some.Trail();

        await world.ApplyAsync(trail with { Spec = trail.Spec with { Logging = false } });
        await world.WithinAMinuteAsync("Receiving", "False", "LoggingOff");
        await world.ApplyAsync(trail);
        await world.WithinAMinuteAsync("Ready", "True", "Recording");

        Assert.Equal(1, world.Nodes.AgentOf("cp-1").Started);
        Assert.Empty(await world.WarningsAsync());
    }

    [Fact]
    public async Task ASecretThatIsGoneIsToldAndWhatAgentsDoStays()
    {
        await using var world = await SteppedWorld.StartAsync("cp-1");
        await world.User.ApplyAsync(Secret(), Cancel);
        var trail = Some.Trail();
        await world.ApplyAsync(
            trail with
            {
                Spec = trail.Spec with
                {
                    Sink = trail.Spec.Sink with
                    {
                        S3 = trail.Spec.Sink.S3! with
                        {
                            Credentials = new() { Type = TrailCredentialsType.Secret, Secret = new() { Name = "s3" } },
                        },
                    },
                },
            });
        await world.WithinAMinuteAsync("Ready", "True", "Recording");

        await world.User.DeleteAsync(ResourceType.Of<V1Secret>(), new(Some.Namespace, "s3"), Cancel);
        await world.WithinAMinuteAsync("Accepted", "False", "SecretNotFound");
        Assert.Equal(("True", "ReadingLogs"), await world.ConditionAsync("Receiving"));

        // Deleted after its Secret, it stops and delivers all the same, and says what agents do and not what they should.
        world.Nodes.SlowConfigMaps(TimeSpan.FromSeconds(40));
        await world.DeleteTrailAsync();
        await world.WithinAMinuteAsync("Receiving", "True", "Stopping");
        await world.UntilAsync("it is gone", async () => await world.TrailAsync() is null, 90);
        Assert.DoesNotContain(await world.EventsAsync(), reported => reported.Contains("DeletedUndelivered", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DeletionWaitsForASinkThatIsDown()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);
        Holding(world, "cp-1", batches: 3);
        await world.DeleteTrailAsync();

        await world.AdvanceAsync(290);
        Assert.NotNull(await world.TrailAsync());
        Assert.Equal(1, world.Nodes.AgentOf("cp-1").Started);
        await world.AdvanceAsync(20);

        Assert.Null(await world.TrailAsync());
        Assert.Contains(
            "cp-1: 3 batches of 1500 bytes wait for the sink. Timeout: It does not answer.",
            Assert.Single(await world.EventsAsync(), reported => reported.Contains("DeletedUndelivered", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeletionWaitsForAPodThatTerminatesAndForTheOneAfterIt()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);
        world.Nodes.AgentOf("cp-1").EndsAfter = TimeSpan.FromSeconds(35);
        Holding(world, "cp-1", batches: 3);
        var pod = Assert.Single(await world.Nodes.PodsAsync(Some.Namespace, Cancel));

        await world.User.DeleteAsync(ResourceType.Of<V1Pod>(), pod.Key, Cancel);
        await world.DeleteTrailAsync();
        await world.AdvanceAsync(60);
        Assert.NotNull(await world.TrailAsync());
        Assert.Equal(2, world.Nodes.AgentOf("cp-1").Started);
        world.Nodes.AgentOf("cp-1").Says = status => status;

        await world.UntilAsync("it is gone", async () => await world.TrailAsync() is null, 60);
    }

    [Fact]
    public async Task DeletionWaitsForANodeThatIsAway()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1", "cp-2"]);
        await world.Nodes.LoseAsync("cp-2");
        await world.AdvanceAsync(90);

        await world.DeleteTrailAsync();
        await world.AdvanceAsync(120);
        Assert.NotNull(await world.TrailAsync());
        await world.Nodes.ReturnAsync("cp-2");

        await world.UntilAsync("it is gone", async () => await world.TrailAsync() is null, 120);
        Assert.DoesNotContain(await world.EventsAsync(), reported => reported.Contains("DeletedUndelivered", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ATrailThatNeverRanIsDeletedAtOnce()
    {
        await using var world = await SteppedWorld.StartAsync("cp-1");
        world.Nodes.BreakImage("clustertrail-agent:test");
        await world.ApplyAsync(Some.Trail());
        await world.AdvanceAsync(60);

        await world.DeleteTrailAsync();

        Assert.InRange(await world.UntilAsync("it is gone", async () => await world.TrailAsync() is null, 60), 0, 15);
    }

    [Fact]
    public async Task ANodeThatIsLostIsUnknownAndComesBack()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1", "cp-2"]);

        await world.Nodes.LoseAsync("cp-2");
        await world.UntilAsync("the loss is reported", async () => await world.ConditionAsync("Ready") == ("Unknown", "NodeNotReady"), 100);
        await world.AdvanceAsync(300);
        Assert.Empty(await world.WarningsAsync());
        await world.Nodes.ReturnAsync("cp-2");

        await world.UntilAsync("all is well", async () => await world.ConditionAsync("Ready") == ("True", "Recording"), 60);
    }

    [Fact]
    public async Task ANodeThatLeavesForGoodWithUndeliveredBatchesIsToldOnce()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1", "cp-2"]);
        Holding(world, "cp-2", batches: 3);
        await world.AdvanceAsync(30);

        await world.Nodes.DeleteNodeAsync("cp-2", Cancel);
        await world.AdvanceAsync(120);
        await world.RestartOperatorAsync();
        await world.AdvanceAsync(60);

        var reported = Assert.Single(await world.WarningsAsync(), reported =>
            reported.Contains("NodeLeftUndelivered", StringComparison.Ordinal));
        Assert.Contains(
            "cp-2 is not a node of this Trail any more, and 3 batches waited on its disk for the sink", reported, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADrainedNodeKeepsItsAgent()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1", "cp-2"]);
        var before = world.Seen.Count;

        await world.Nodes.DrainAsync("cp-2", Cancel);
        await world.AdvanceAsync(120);

        Assert.Equal(before, world.Seen.Count);
    }

    [Fact]
    public async Task CountersGoOnWhenAgentsAndOperatorStartAnew()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);
        world.Nodes.AgentOf("cp-1").Says = status =>
            status with { Detections = status.Detections! with { Findings = [new("pod-exec", "high", "d", 40, world.Now, "e40")] } };
        await world.UntilAsync("40 are counted", async () => (await world.TrailAsync())!.Status!.Detections!.Findings == 40, 60);

        world.Nodes.AgentOf("cp-1").Says = status =>
            status with { Detections = status.Detections! with { Findings = [new("pod-exec", "high", "d", 1, world.Now, "e41")] } };
        world.Nodes.Crash("cp-1");
        await world.UntilAsync("41 are counted", async () => (await world.TrailAsync())!.Status!.Detections!.Findings == 41, 90);
        await world.RestartOperatorAsync();
        await world.AdvanceAsync(90);

        Assert.Equal(
            (41L, 200L), ((await world.TrailAsync())!.Status!.Detections!.Findings, (await world.TrailAsync())!.Status!.ReadEvents));
    }

    [Fact]
    public async Task AnOperatorThatStartsAnewChangesNoCondition()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1", "cp-2"]);
        var before = world.Seen.Count;

        await world.RestartOperatorAsync();
        await world.AdvanceAsync(60);

        Assert.Equal(before, world.Seen.Count);
        Assert.InRange((await world.TrailAsync())!.Status!.LastObservedTime!.Value, world.Now.AddMinutes(-60), world.Now);
    }

    static void Holding(SteppedWorld world, string node, int batches)
    {
        var since = world.Now;
        world.Nodes.AgentOf(node).Says = status => status with
        {
            Spool = status.Spool with { Batches = batches, Bytes = batches * 500 },
            Sinks = [status.Sinks[0] with { LastError = new(world.Now, since, "Timeout", "It does not answer.", 9) }],
        };
    }

    static JsonResource NamespaceWith(string label, string value) => new(
        new("", "v1", "Namespace", "namespaces", Namespaced: false),
        new() { ["metadata"] = new JsonObject { ["name"] = Some.Namespace, ["labels"] = new JsonObject { [label] = value } } });

    static JsonResource Secret() => new(ResourceType.Of<V1Secret>(), new()
    {
        ["metadata"] = new JsonObject { ["name"] = "s3", ["namespace"] = Some.Namespace },
        ["data"] = new JsonObject { ["accessKeyId"] = "eA==", ["secretAccessKey"] = "eA==" },
    });
}
