using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Testing.Nodes;
using k8s.Models;

namespace ClusterTrail.Operator.Tests;

/// <summary>Clusters in which things happen at the wrong time: nothing false is said, and nothing flaps.</summary>
public sealed class AwkwardClusterTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task APodForWhichItsNodeHasNoRoomIsThatNodes()
    {
        await using var world = await SteppedWorld.StartAsync("cp-1");
        world.Nodes.Fill("cp-1", "memory");
        await world.ApplyAsync(Some.Trail());
        await world.AdvanceAsync(90);

        Assert.Equal(("False", "Unschedulable"), await world.ConditionAsync("Ready"));
        Assert.Contains("On cp-1: ", await world.MessageAsync("Ready"), StringComparison.Ordinal);
        Assert.Equal("0/1", (await world.TrailAsync())!.Status!.Agents!.Summary);
        Assert.Single(await world.WarningsAsync());
    }

    [Fact]
    public async Task ARefusalThatIsOverSaysNothingOfTheNodesThatComeLater()
    {
        await using var world = await SteppedWorld.StartAsync("cp-1");
        await world.User.ApplyAsync(Namespace(), Cancel);
        world.Nodes.RefusePods(Some.Namespace, PodRefusal.Quota("few-pods", 1));
        await world.ApplyAsync(Some.Trail());
        await world.WithinAMinuteAsync("Ready", "False", "PodRefused");
        world.Nodes.AllowPods(Some.Namespace);
        await world.UntilAsync("the agent is there", async () => (await world.ConditionAsync("Ready")).Status == "True", 1200);
        await world.AdvanceAsync(30);

        for (var node = 2; node < 6; node++)
        {
            await world.Nodes.AddControlPlaneNodeAsync($"cp-{node}", Cancel);
            await world.AdvanceAsync(20);
        }

        Assert.Equal("5/5", (await world.TrailAsync())!.Status!.Agents!.Summary);
        Assert.Single(await world.WarningsAsync());
    }

    [Fact]
    public async Task ARefusalThatLastsIsToldAlsoByAnOperatorThatStartsAnew()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);
        await world.User.ApplyAsync(Namespace(), Cancel);
        world.Nodes.RefusePods(Some.Namespace, PodRefusal.Quota("few-pods", 1));
        await world.Nodes.AddControlPlaneNodeAsync("cp-2", Cancel);
        await world.WithinAMinuteAsync("Covered", "False", "PodRefused");

        await world.AdvanceAsync(300);
        await world.RestartOperatorAsync();
        await world.AdvanceAsync(60);

        Assert.Equal(("False", "PodRefused"), await world.ConditionAsync("Covered"));
        Assert.Single(await world.WarningsAsync());
    }

    [Fact]
    public async Task ANodeThatIsLabelledLaterIsGivenAMoment()
    {
        await using var world = await SteppedWorld.StartAsync("cp-1", "cp-2", "cp-3", "cp-4");
        await world.Nodes.LabelAsync("cp-1", "audit", "yes", Cancel);
        await world.AdvanceAsync(600);
        var trail = Some.Trail();
        var labels = new Dictionary<string, string> { ["audit"] = "yes" };
        await world.ApplyAsync(trail with { Spec = trail.Spec with { Agent = new() { NodeSelector = labels } } });
        await world.WithinAMinuteAsync("Covered", "False", "NoMatchingLabel");

        for (var node = 2; node < 5; node++)
        {
            await world.Nodes.LabelAsync($"cp-{node}", "audit", "yes", Cancel);
            await world.AdvanceAsync(15);
        }

        await world.WithinAMinuteAsync("Ready", "True", "Recording");
        Assert.Single(await world.WarningsAsync());
    }

    [Fact]
    public async Task AnAgentThatDidNotAnswerForLongIsReplacedWithoutAWarning()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1", "cp-2"]);
        var agent = world.Nodes.AgentOf("cp-2");
        (agent.Says, agent.EndsAfter) = (status => status with { Sinks = null! }, TimeSpan.FromSeconds(20));
        await world.AdvanceAsync(120);
        var pod = (await world.Nodes.PodsAsync(Some.Namespace, Cancel)).Single(pod => (string?)pod.Spec?["nodeName"] == "cp-2");

        await world.User.DeleteAsync(ResourceType.Of<V1Pod>(), pod.Key, Cancel);
        agent.Says = status => status;
        await world.AdvanceAsync(90);

        Assert.Equal(("True", "Recording"), await world.ConditionAsync("Ready"));
        Assert.Empty(await world.WarningsAsync());
    }

    [Fact]
    public async Task AnAgentThatIsKilledAgainAndAgainForItsProbesCrashes()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);
        world.Nodes.AgentOf("cp-1").IsHealthy = false;

        await world.AdvanceAsync(1200);

        Assert.InRange(world.Nodes.AgentOf("cp-1").Started, 5, 20);
        Assert.Equal(("False", "AgentCrashes"), await world.ConditionAsync("Available"));
        Assert.InRange((await world.WarningsAsync()).Count, 1, 2);
    }

    [Fact]
    public async Task AnAgentThatDoesNotAnswerIsNotTakenForStopped()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1", "cp-2"]);
        world.Nodes.AgentOf("cp-2").Says = status => status with { Sinks = null! };
        var trail = Some.Trail();

        await world.ApplyAsync(trail with { Spec = trail.Spec with { Logging = false } });
        await world.WithinAMinuteAsync("Receiving", "Unknown", "Stopping");
        await world.AdvanceAsync(120);

        Assert.DoesNotContain(world.Seen, seen => seen.Reason == "LoggingOff");
        Assert.Contains("Agents have stopped, except on cp-2", await world.MessageAsync("Receiving"), StringComparison.Ordinal);
        world.Nodes.AgentOf("cp-2").Says = status => status;
        await world.WithinAMinuteAsync("Receiving", "False", "LoggingOff");
    }

    [Fact]
    public async Task NothingGoodIsSaidForLongOfAgentsThatAreAway()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);

        await world.Nodes.LoseAsync("cp-1");
        await world.AdvanceAsync(120);

        foreach (var type in new[] { "Available", "Receiving", "Delivering", "SelectorsSynced", "DetectionsEvaluable", "Ready" })
            Assert.Equal("Unknown", (await world.ConditionAsync(type)).Status);
        Assert.Empty(await world.WarningsAsync());
    }

    [Fact]
    public async Task ALeaderWhoseClockWasAheadKeepsNobodyFromWriting()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);
        await world.WriteStatusAsync(status => status with { LastObservedTime = world.Now.AddMinutes(10) });
        await world.RestartOperatorAsync();

        var since = world.Now;
        world.Nodes.AgentOf("cp-1").Says = status => status with
        {
            Sinks = [status.Sinks[0] with { LastError = new(world.Now, since, "AccessDenied", "no", 9) }],
        };

        await world.WithinAMinuteAsync("Ready", "False", "AccessDenied");
    }

    [Fact]
    public async Task AnAgentWithImpossibleCountersStopsNoOtherFromBeingTold()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1", "cp-2"]);
        foreach (var node in new[] { "cp-1", "cp-2" })
        {
            world.Nodes.AgentOf(node).Says = status => status with
            {
                Sources = [status.Sources[0] with { LagBytes = long.MaxValue, ReadEvents = long.MaxValue }],
            };
        }


        await world.AdvanceAsync(30);
        world.Nodes.AgentOf("cp-2").Says = status => status;

        await world.WithinAMinuteAsync("Receiving", "Unknown", "ReportRefused");

        Assert.Contains(
            "What the agent on cp-1 reports is not believed since", await world.MessageAsync("Ready"), StringComparison.Ordinal);
        Assert.DoesNotContain(world.Log, line => line.Contains("OverflowException", StringComparison.Ordinal));
        Assert.Equal(200, (await world.TrailAsync())!.Status!.ReadEvents);
    }

    [Fact]
    public async Task AnUpgradeFromAStatusWithoutNodesCountsNothingTwice()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);
        await world.WriteStatusAsync(status => status with { Nodes = null });

        await world.RestartOperatorAsync();
        await world.AdvanceAsync(60);

        Assert.Equal(100, (await world.TrailAsync())!.Status!.ReadEvents);
    }

    [Fact]
    public async Task AnApiServerThatIsAwayForMinutesIsToldBrieflyAndChangesNoCondition()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1", "cp-2"]);
        var (seen, log) = (world.Seen.Count, world.Log.Count);
        world.Fault = _ => new HttpRequestException("Connection refused (10.0.0.1:443)");
        world.User.EndWatches();
        await world.Nodes.AdvanceAsync(TimeSpan.FromMinutes(5), Cancel);
        world.Fault = null;
        await world.Nodes.AdvanceAsync(TimeSpan.FromMinutes(1), Cancel);
        await world.AdvanceAsync(60);

        Assert.Equal(seen, world.Seen.Count);
        Assert.Empty(await world.WarningsAsync());
        Assert.InRange(world.Log.Skip(log).Sum(line => line.Length), 100, 6000);
    }

    static JsonResource Namespace() => new(
        new("", "v1", "Namespace", "namespaces", Namespaced: false),
        new() { ["metadata"] = new JsonObject { ["name"] = Some.Namespace, ["labels"] = new JsonObject { ["team"] = "platform" } } });
}
