using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Testing.Nodes;
using ClusterTrail.Trails;

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
