using System.Text.Json.Nodes;
using ClusterTrail.Contract.Status;
using ClusterTrail.Kubernetes;
using ClusterTrail.Testing.Nodes;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Operator.Tests;

/// <summary>Agents on all nodes: they come when something asks for workloads, and go when nothing does any more.</summary>
public sealed class WorkloadsTests
{
    static readonly ObjectKey Agents = new(Some.Namespace, "clustertrail-main-workloads");

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ATrailThatAsksHasAgentsOnAllNodes()
    {
        await using var world = await WithWorkerAsync();

        await world.ApplyAsync(Asking(Output("shop"), new() { Namespaces = ["bank"], Processes = true }));
        await world.WithinAMinuteAsync("Ready", "True", "Recording");
        await world.WithinAMinuteAsync("ProcessEvents", "True", "KernelProgram");

        var status = (await world.TrailAsync())!.Status!;
        Assert.Equal((2, 2, "2/2", 6L), (status.Workloads!.Nodes, status.Workloads.Ready, status.Workloads.Summary, status.Workloads.Pods));
        Assert.Equal((120L, 14L, 4L), (status.Workloads.Lines, status.Workloads.Processes, status.Workloads.Lost));
        // The API server's agents are counted by themselves.
        Assert.Equal((1, 100L), (status.Agents!.Nodes, status.ReadEvents));
        Assert.Equal(["cp-1", "worker"], status.Workloads.Agents!.Select(agent => agent.Name));
        Assert.Equal("""{"namespaces":["bank"]}""", world.Nodes.AgentOf("worker", Workloads).Running!.File("processes.json"));
    }

    [Fact]
    public async Task ATeamAsksForItsOwnNamespaceWithoutARestart()
    {
        await using var world = await WithWorkerAsync();
        await world.ApplyAsync(Asking(Output("shop")) is var trail ? With(trail, SelectorPolicyFrom.All) : trail);
        await world.WithinAMinuteAsync("Ready", "True", "Recording");

        await world.User.ApplyAsync(Team("bank", new() { Output = new() { Format = WorkloadFormat.JSON } }).ToJson(), Cancel);
        await world.UntilAsync(
            "its rule is there", () => Task.FromResult(Rules(world).Contains("""{"format":"Json","namespaces":["bank"]}""", StringComparison.Ordinal)), 60);
        await world.WithinAMinuteAsync("WorkloadsSynced", "True", "Synced");

        Assert.Equal(1, world.Nodes.AgentOf("worker", Workloads).Started);
        Assert.StartsWith("""{"rules":[{"format":"Text","namespaces":["shop"]""", Rules(world), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhenNothingAsksAnyMoreTheyDeliverAndGo()
    {
        await using var world = await WithWorkerAsync();
        var trail = With(Some.Trail(), SelectorPolicyFrom.All);
        await world.ApplyAsync(trail);
        var team = Team("bank", new() { Output = new() });
        await world.User.ApplyAsync(team.ToJson(), Cancel);
        await world.UntilAsync("there are agents", async () => (await world.TrailAsync())?.Status?.Workloads?.Ready == 2, 60);
        world.Nodes.AgentOf("worker", Workloads).Says = status => status with { Spool = status.Spool with { Batches = 1, Bytes = 100 } };

        await world.User.DeleteAsync(ResourceType.Of<TrailSelector>(), new("bank", "team"), Cancel);
        await world.AdvanceAsync(30);
        var waiting = await DaemonSetAsync(world);
        var stopped = world.Nodes.AgentOf("worker", Workloads).Running!.File("agent.json");
        world.Nodes.AgentOf("worker", Workloads).Says = status => status;
        await world.UntilAsync("they are gone", async () => await DaemonSetAsync(world) is null, 60);
        await world.WithinAMinuteAsync("Ready", "True", "Recording");

        Assert.NotNull(waiting);
        Assert.Contains("\"logging\": false", stopped, StringComparison.Ordinal);
        Assert.Null(await world.User.GetAsync<V1ConfigMap>(Agents, Cancel));
        Assert.Null((await world.TrailAsync())!.Status!.Workloads);
        Assert.DoesNotContain((await world.TrailAsync())!.Status!.Conditions!, one => one.Type.StartsWith("Workloads", StringComparison.Ordinal));
        Assert.Empty(await world.WarningsAsync());
    }

    [Fact]
    public async Task ADeletedTrailWaitsForThemToo()
    {
        await using var world = await WithWorkerAsync();
        await world.ApplyAsync(Asking(Output("shop")));
        await world.WithinAMinuteAsync("Ready", "True", "Recording");
        world.Nodes.AgentOf("worker", Workloads).Says = status => status with { Spool = status.Spool with { Batches = 1, Bytes = 100 } };

        await world.DeleteTrailAsync();
        await world.AdvanceAsync(60);
        Assert.NotNull(await world.TrailAsync());
        world.Nodes.AgentOf("worker", Workloads).Says = status => status;
        await world.UntilAsync("it is gone", async () => await world.TrailAsync() is null, 60);

        Assert.Null(await DaemonSetAsync(world));
        Assert.DoesNotContain(await world.EventsAsync(), reported => reported.Contains("DeletedUndelivered", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WithoutThePermissionOfTheChartNothingIsMadeAndTheTrailSaysSo()
    {
        await using var world = await WithWorkerAsync();
        world.Workloads = false;
        await world.RestartOperatorAsync();

        await world.ApplyAsync(With(Asking(Output("shop")), SelectorPolicyFrom.All));
        await world.User.ApplyAsync(Team("bank", new() { Output = new() }).ToJson(), Cancel);
        await world.WithinAMinuteAsync("WorkloadsCovered", "False", "WorkloadsDisabled");
        await world.WithinAMinuteAsync("Ready", "False", "WorkloadsDisabled");
        await world.AdvanceAsync(5);

        Assert.Null(await DaemonSetAsync(world));
        var team = await world.User.GetAsync<TrailSelector>(new("bank", "team"), Cancel);
        var accepted = team!.Status!.Trails!.Single().Conditions!.Single();
        Assert.Equal("True", accepted.Status);
        Assert.Contains("workloads.enabled", accepted.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhereProcessesCannotBeSeenTheTrailSaysSoAndIsReady()
    {
        await using var world = await WithWorkerAsync();
        world.Nodes.AgentOf("worker", Workloads).Says = status => status with
        {
            Sources =
            [
                .. status.Sources.Select(source => source.Processes is not { } seen ? source : source with
                {
                    State = SourceState.Failed,
                    Processes = seen with { Method = ProcessMethod.None, Reason = "The kernel is older than 5.8." },
                }),
            ],
        };

        await world.ApplyAsync(Asking(new TrailWorkload { Namespaces = ["*"], Processes = true }));
        await world.WithinAMinuteAsync("ProcessEvents", "False", "NotRecorded");
        await world.WithinAMinuteAsync("Ready", "True", "Recording");

        Assert.Contains("worker. On worker: The kernel is older than 5.8.", await world.MessageAsync("ProcessEvents"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATeamThatTogglesProcessesRestartsAgentsOnceInAnHour()
    {
        await using var world = await WithWorkerAsync();
        await world.ApplyAsync(With(Asking(Output("shop")), SelectorPolicyFrom.All));
        await world.WithinAMinuteAsync("Ready", "True", "Recording");
        for (var turn = 0; turn < 3; turn++)
        {
            await world.User.ApplyAsync(Team("bank", new() { Processes = true }).ToJson(), Cancel);
            await world.WithinAMinuteAsync("ProcessEvents", "True", "KernelProgram");
            await world.UntilAsync(
                "its processes are asked for", () => Task.FromResult(Processes(world) == """{"namespaces":["bank"]}"""), 60);
            await world.User.DeleteAsync(ResourceType.Of<TrailSelector>(), new("bank", "team"), Cancel);
            await world.WithinAMinuteAsync("ProcessEvents", "Unknown", "NotAsked");
            await world.UntilAsync("none are", () => Task.FromResult(Processes(world) == """{"namespaces":[]}"""), 60);
        }

        Assert.Equal(2, world.Nodes.AgentOf("worker", Workloads).Started);
        await world.WithinAMinuteAsync("Ready", "True", "Recording");

        await world.AdvanceAsync(3700);
        await world.UntilAsync("they cannot any more", () => Task.FromResult(Processes(world) is null), 60);
        await world.WithinAMinuteAsync("Ready", "True", "Recording");
        Assert.Equal(3, world.Nodes.AgentOf("worker", Workloads).Started);
        Assert.DoesNotContain((await world.TrailAsync())!.Status!.Conditions!, one => one.Type == "ProcessEvents");
    }

    [Fact]
    public async Task ContainersThatWriteNothingLeaveTheTrailReady()
    {
        await using var world = await WithWorkerAsync();
        foreach (var node in new[] { "worker", "cp-1" })
            world.Nodes.AgentOf(node, Workloads).Says = status => status with { Sinks = [status.Sinks[0] with { LastDelivery = null }] };

        await world.ApplyAsync(Asking(Output("shop")));
        await world.WithinAMinuteAsync("WorkloadsDelivering", "True", "NothingToSend");

        await world.WithinAMinuteAsync("Ready", "True", "Recording");
    }

    [Fact]
    public async Task AnAgentThatCannotReadIsNamed()
    {
        await using var world = await WithWorkerAsync();
        world.Nodes.AgentOf("worker", Workloads).Says = status => status with
        {
            Sources = [.. status.Sources.Select(source => source with { State = SourceState.Failed, Message = "The disk is broken." })],
        };

        await world.ApplyAsync(Asking(Output("shop")));
        await world.WithinAMinuteAsync("WorkloadsReceiving", "False", "SourceFailed");

        Assert.Equal(("True", "ReadingLogs"), await world.ConditionAsync("Receiving"));
        Assert.Equal("On worker: The disk is broken.", await world.MessageAsync("Ready"));
    }

    [Fact]
    public async Task NamespacesFollowTheirLabelsAndNames()
    {
        await using var world = await WithWorkerAsync();
        await NamespaceAsync(world, "team-a", "audited", "no");
        await world.ApplyAsync(Asking(
            new TrailWorkload { Namespaces = ["team-*"], Output = new() },
            new TrailWorkload { NamespaceSelector = new() { MatchLabels = new Dictionary<string, string> { ["audited"] = "yes" } }, Output = new() }));
        await world.WithinAMinuteAsync("Ready", "True", "Recording");
        Assert.Equal("""{"rules":[{"format":"Text","namespaces":["team-a"]}]}""", Rules(world));

        await NamespaceAsync(world, "team-b", "audited", "yes");
        await world.UntilAsync("both are asked for", () => Task.FromResult(Rules(world)
            == """{"rules":[{"format":"Text","namespaces":["team-a","team-b"]},{"format":"Text","namespaces":["team-b"]}]}"""), 60);

        Assert.Equal(1, world.Nodes.AgentOf("worker", Workloads).Started);
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

    static Trail With(Trail trail, SelectorPolicyFrom from) => trail with { Spec = trail.Spec with { SelectorPolicy = new() { From = from } } };

    static TrailWorkload Output(string @namespace) => new() { Namespaces = [@namespace], Output = new() };

    static TrailSelector Team(string @namespace, SelectorWorkload workload) => new()
    {
        Metadata = new() { NamespaceProperty = @namespace, Name = "team" },
        Spec = new() { Trail = "main", Workloads = [workload] },
    };

    static string Rules(SteppedWorld world) => world.Nodes.AgentOf("worker", Workloads).Running?.File("workloads.json") ?? "";

    static string? Processes(SteppedWorld world) => world.Nodes.AgentOf("worker", Workloads).Running?.File("processes.json");

    static Task<V1DaemonSet?> DaemonSetAsync(SteppedWorld world) => world.User.GetAsync<V1DaemonSet>(Agents, Cancel);

    static Task<V1ObjectMeta> NamespaceAsync(SteppedWorld world, string name, string key, string value) => world.User.ApplyAsync(
        new(new("", "v1", "Namespace", "namespaces", Namespaced: false),
            new() { ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { [key] = value } } }),
        Cancel);
}
