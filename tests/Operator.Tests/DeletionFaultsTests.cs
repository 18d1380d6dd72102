using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Operator.Tests;

/// <summary>A deleted Trail goes neither before its agents have delivered nor without a word, whatever happens meanwhile.</summary>
public sealed class DeletionFaultsTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatAnAgentSaidBeforeTheDeletionDoesNotCount()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);
        await world.ApplyAsync(Stopped());
        await world.WithinAMinuteAsync("Receiving", "False", "LoggingOff");

        // It reads again, and nobody has asked it since.
        await world.ApplyAsync(Some.Trail());
        Hold(world, "cp-1");
        await world.AdvanceAsync(2);
        await world.DeleteTrailAsync();
        await world.AdvanceAsync(60);

        Assert.NotNull(await world.TrailAsync());
        await world.UntilAsync("it is gone", async () => await world.TrailAsync() is null, 300);
        await world.SaysWhatWasLeftAsync("cp-1: 3 batches");
    }

    [Fact]
    public async Task AStatusThatDoesNotTellOfNodesIsNoSignThatNothingIsHeld()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);
        Hold(world, "cp-1");
        await world.AdvanceAsync(30);
        world.Fault = call => call.Verb == "apply status" ? new InvalidOperationException("away") : null;
        await world.WriteStatusAsync(status => status with { Nodes = null });
        world.Nodes.BreakImage("clustertrail-agent:next");
        await world.ApplyAsync(Some.Trail() with { Spec = Some.Trail().Spec with { Agent = new() { Image = "clustertrail-agent:next" } } });
        await world.AdvanceAsync(8);
        await world.RestartOperatorAsync();
        world.Fault = null;

        await world.AdvanceAsync(60);
        await world.DeleteTrailAsync();
        await world.AdvanceAsync(60);

        Assert.NotNull(await world.TrailAsync());
        await world.UntilAsync("it is gone", async () => await world.TrailAsync() is null, 300);
        await world.SaysWhatWasLeftAsync("cp-1: the agent does not answer.");
    }

    [Fact]
    public async Task WhatWasLeftIsSaidOnceHoweverOftenTheRestFails()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);
        Hold(world, "cp-1");
        await world.DeleteTrailAsync();
        await world.AdvanceAsync(290);

        world.Fault = call => call is { Verb: "apply", Type.Plural: "trails" } ? new InvalidOperationException("away") : null;
        await world.AdvanceAsync(60);
        world.Fault = null;

        await world.UntilAsync("it is gone", async () => await world.TrailAsync() is null, 90);
        await world.SaysWhatWasLeftAsync("cp-1: 3 batches");
        Assert.Single(world.Log, line => line.Contains("cp-1: 3 batches of 1500 bytes wait for the sink.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AgentsStopAlsoWhenSomebodyDeletesTheirConfigMap()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);
        world.Nodes.SlowConfigMaps(TimeSpan.FromSeconds(60));
        await world.DeleteTrailAsync();
        await world.AdvanceAsync(5);

        await world.User.DeleteAsync(ResourceType.Of<V1ConfigMap>(), new(Some.Namespace, "clustertrail-main"), Cancel);

        await world.UntilAsync("it is gone", async () => await world.TrailAsync() is null, 120);
        Assert.DoesNotContain(await world.EventsAsync(), reported => reported.Contains("DeletedUndelivered", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AgentsAreAskedAtTheirOwnPortAlsoWhenTheTrailHasAnother()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);
        var trail = Some.Trail();
        var s3 = trail.Spec.Sink.S3! with { Credentials = new() { Type = TrailCredentialsType.Secret, Secret = new() { Name = "none" } } };

        // It cannot be used, so agents go on as they were.
        await world.ApplyAsync(trail with
        {
            Spec = trail.Spec with { Telemetry = new() { Port = 9909 }, Sink = trail.Spec.Sink with { S3 = s3 } },
        });
        await world.AdvanceAsync(60);
        Assert.Equal(("True", "ReadingLogs"), await world.ConditionAsync("Receiving"));
        await world.DeleteTrailAsync();

        await world.UntilAsync("it is gone", async () => await world.TrailAsync() is null, 60);
    }

    static Trail Stopped() => Some.Trail() with { Spec = Some.Trail().Spec with { Logging = false } };

    static void Hold(SteppedWorld world, string node) =>
        world.Nodes.AgentOf(node).Says = status => status with { Spool = status.Spool with { Batches = 3, Bytes = 1500 } };
}
