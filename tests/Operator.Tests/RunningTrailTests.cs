using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Operator.Tests;

/// <summary>A Trail that runs: what its admins change, and what starts again, leaves it so.</summary>
public sealed class RunningTrailTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

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

    static JsonResource Secret() => new(ResourceType.Of<V1Secret>(), new()
    {
        ["metadata"] = new JsonObject { ["name"] = "s3", ["namespace"] = Some.Namespace },
        ["data"] = new JsonObject { ["accessKeyId"] = "eA==", ["secretAccessKey"] = "eA==" },
    });
}
