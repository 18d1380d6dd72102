using ClusterTrail.Kubernetes;
using k8s.Models;

namespace ClusterTrail.Operator.Tests;

/// <summary>Trails that are deleted, and nodes that are lost, while agents hold batches.</summary>
public sealed class LostNodesTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

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

    static void Holding(SteppedWorld world, string node, int batches)
    {
        var since = world.Now;
        world.Nodes.AgentOf(node).Says = status => status with
        {
            Spool = status.Spool with { Batches = batches, Bytes = batches * 500 },
            Sinks = [status.Sinks[0] with { LastError = new(world.Now, since, "Timeout", "It does not answer.", 9) }],
        };
    }
}
