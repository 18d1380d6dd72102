using System.Diagnostics.Metrics;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Execs;
using ClusterTrail.Testing;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Operator.Tests.Execs;

public sealed class ExecRelayTests : IDisposable
{
    readonly ManualTime time = new();
    readonly InMemoryCluster cluster;
    readonly ScriptedAgents agents = new();
    readonly Meter meter = new("test");
    readonly RecordingLog log = new();
    readonly ExecRelay relay;
    readonly Scripted api;
    readonly Scripted first;
    readonly Scripted second;

    public ExecRelayTests()
    {
        cluster = new(time);
        relay = new(agents, cluster, meter, time, log);
        api = agents.Add("api", "cp-1", isBesideApiServer: true);
        first = agents.Add("first", "worker-1", recordsProcesses: true);
        second = agents.Add("second", "worker-2", recordsProcesses: true);
        api.Through = Now;
    }

    DateTimeOffset Now => time.GetUtcNow();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => meter.Dispose();

    [Fact]
    public async Task AnExecComesToTheNodeOfItsPod()
    {
        await PodAsync("cart-0", "worker-1", "app");
        await TurnAsync();
        api.Saw("alice", "cart-0", Now, container: "");

        await TurnAsync(2);

        Assert.Equal(["alice"], first.Users);
        Assert.Empty(second.Users);
        var handed = first.Handed.SelectMany(one => one.Execs).Single();
        Assert.Equal(("app", true), (handed.Container, handed.PodUID is not null));
    }

    [Fact]
    public async Task AnExecAfterANameWasGivenToAnotherPodIsThatPods()
    {
        await PodAsync("cart-0", "worker-1", "app");
        await TurnAsync();
        api.Saw("alice", "cart-0", Now);
        await TurnAsync(2);

        await cluster.DeleteAsync(ResourceType.Of<V1Pod>(), new("shop", "cart-0"), Cancellation);
        var uid = await PodAsync("cart-0", "worker-2", "app");
        api.Saw("bob", "cart-0", Now);
        await TurnAsync(2);

        Assert.Equal(["alice"], first.Users);
        Assert.Equal(("bob", uid), second.Handed.SelectMany(one => one.Execs).Select(one => (one.UserIdentity.UserName, one.PodUID)).Single());
    }

    [Fact]
    public async Task AnExecOfBeforeAPodWasMadeIsNotThatPods()
    {
        await TurnAsync();
        api.Saw("alice", "cart-0", Now.AddSeconds(-20));
        await PodAsync("cart-0", "worker-1", "app");

        await TurnAsync(2);

        Assert.All([first, second], one => Assert.Equal(["alice"], one.Users));
        Assert.Null(first.Handed.SelectMany(one => one.Execs).Single().PodUID);
    }

    [Fact]
    public async Task OneWhosePodIsGoneComesToAllNodes()
    {
        await TurnAsync();
        api.Saw("alice", "gone", Now);

        await TurnAsync(2);

        Assert.All([first, second], one => Assert.Equal(["alice"], one.Users));
    }

    [Fact]
    public async Task NobodyIsAskedWhileNobodyRecordsProcesses()
    {
        (first.Runs, second.Runs) = (false, false);

        await TurnAsync(20);

        Assert.Equal(0, api.Asked);
    }

    [Fact]
    public async Task ThroughIsThatOfTheSlowestApiServer()
    {
        var other = agents.Add("other", "cp-2", isBesideApiServer: true);
        (api.Through, other.Through) = (Now.AddSeconds(20), Now.AddSeconds(10));

        await TurnAsync(12);

        Assert.Equal(other.Through, first.Handed[^1].Through);
    }

    [Fact]
    public async Task WhileAnAgentIsAwayNobodySaysThatAllIsThere()
    {
        await TurnAsync(2);
        api.IsReachable = false;

        await TurnAsync(12);

        Assert.Null(first.Handed[^1].Through);
        Assert.Contains("cp-1", first.Handed[^1].Reason, StringComparison.Ordinal);
        api.IsReachable = true;
        await TurnAsync(17);
        Assert.NotNull(first.Handed[^1].Through);
    }

    [Fact]
    public async Task AnAgentOfANodeHasNoSayInWhatApiServersReceived()
    {
        second.IsReachable = false;

        await TurnAsync(12);

        Assert.Equal((api.Through, 0), (first.Handed[^1].Through, first.Asked));
        Assert.Equal(0, api.HandOvers);
    }

    [Fact]
    public async Task WhileAnApiServersAgentReportsNoExecsNobodySaysThatAllIsThere()
    {
        var old = agents.Add("old", "cp-2", isBesideApiServer: true);
        old.Reports = false;

        await TurnAsync(12);

        Assert.Null(first.Handed[^1].Through);
        Assert.Contains("cp-2", first.Handed[^1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutAnAgentBesideAnApiServerItSaysSo()
    {
        api.Runs = false;

        await TurnAsync(12);

        Assert.Contains("No agent beside an API server runs", first.Handed[^1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhereAnApiServersNodeHasNoAgentNobodySaysThatAllIsThere()
    {
        agents.Problem = "1 of the agents is not ready.";

        await TurnAsync(12);

        Assert.Equal((null, agents.Problem), (first.Handed[^1].Through, first.Handed[^1].Reason));
    }

    [Fact]
    public async Task AnExecThatIsNotHandedOverYetIsNotPartOfAll()
    {
        await TurnAsync(2);
        var at = Now;
        cluster.Fault = call => call.Type.Plural == "pods" ? new HttpRequestException("away") : null;
        api.Saw("alice", "cart-0", at);
        api.Through = at.AddMinutes(1);
        first.IsWaiting = true;

        await TurnAsync(3);

        Assert.All(first.Handed.Where(one => one.Time >= at), one => Assert.True(one.Through < at || one.Through is null));
        await TurnAsync(8);
        Assert.Equal(["alice"], first.Users);
        Assert.True(first.Handed[^1].Through > at);
    }

    [Fact]
    public async Task AReportThatIsNotWholeIsReadOnBeforeAllIsThere()
    {
        await PodAsync("cart-0", "worker-1", "app");
        await TurnAsync();
        api.AtOnce = 1;
        foreach (var user in (string[])["alice", "bob", "carol"])
            api.Saw(user, "cart-0", Now);

        await TurnAsync();
        Assert.Null(first.Handed[^1].Through);
        await TurnAsync(4);

        Assert.Equal(["alice", "bob", "carol"], first.Users);
    }

    [Fact]
    public async Task AnAgentThatStartedAnewGetsAllOfThemAgain()
    {
        await PodAsync("cart-0", "worker-1", "app");
        await TurnAsync();
        api.Saw("alice", "cart-0", Now);
        await TurnAsync(2);

        first.Instance = "second";
        await TurnAsync(25);

        Assert.Equal(["alice", "alice"], first.Users);
    }

    [Fact]
    public async Task AnAgentBesideAnApiServerThatStartedAnewIsReadFromItsBeginning()
    {
        await PodAsync("cart-0", "worker-1", "app");
        await TurnAsync();
        api.Saw("alice", "cart-0", Now);
        await TurnAsync(2);

        api.Instance = "second";
        api.Execs.Clear();
        api.Saw("bob", "cart-0", Now);
        await TurnAsync(2);

        Assert.Equal(["alice", "bob"], first.Users);
    }

    [Fact]
    public async Task WhatTheKubeletExecutesIsHandedToWhoAsks()
    {
        var pod = await PodAsync("cart-0", "worker-1", "app", new V1Probe { Exec = new() { Command = ["cat", "/healthy"] } });
        first.Wants.Add(new() { Namespace = "shop", Pod = "cart-0", PodUID = pod });
        second.Wants.Add(new() { Namespace = "shop", Pod = "cart-0", PodUID = "another" });

        await TurnAsync(3);

        var commands = Assert.Single(first.Handed.SelectMany(one => one.Pods).DistinctBy(one => one.PodUID));
        Assert.Equal(["cat", "/healthy"], Assert.Single(commands.Commands).Command);
        Assert.Empty(second.Handed.SelectMany(one => one.Pods));
    }

    [Fact]
    public async Task APodThatCannotBeLookedUpKeepsNoOtherWaiting()
    {
        var pod = await PodAsync("cart-0", "worker-1", "app");
        cluster.Fault = call => call.Key?.Name == "bad" ? new HttpRequestException("refused") : null;
        first.Wants.Add(new() { Namespace = "shop", Pod = "bad", PodUID = "bad" });
        first.Wants.Add(new() { Namespace = "shop", Pod = "cart-0", PodUID = pod });
        second.Wants.Add(new() { Namespace = "shop", Pod = "cart-0", PodUID = pod });

        await TurnAsync(3);

        Assert.All([first, second], one => Assert.Contains(one.Handed.SelectMany(handed => handed.Pods), found => found.PodUID == pod));
    }

    [Fact]
    public async Task OneAgentCannotUseUpWhatMayBeLookedUp()
    {
        var pod = await PodAsync("cart-0", "worker-2", "app");
        second.Wants.Add(new() { Namespace = "shop", Pod = "cart-0", PodUID = pod });
        first.IsWaiting = true;
        for (var at = 0; at < PodLookup.AtOnce * 2; at++)
            first.Wants.Add(new() { Namespace = "shop", Pod = $"other-{at}", PodUID = $"other-{at}" });

        await TurnAsync(3);

        Assert.Contains(second.Handed.SelectMany(handed => handed.Pods), found => found.PodUID == pod);
    }

    [Fact]
    public async Task AStaticPodHasTheIdThatItsKubeletGaveIt()
    {
        await cluster.SaveAsync(
            new V1Pod
            {
                ApiVersion = "v1",
                Kind = "Pod",
                Metadata = new()
                {
                    NamespaceProperty = "shop",
                    Name = "static",
                    Annotations = new Dictionary<string, string> { ["kubernetes.io/config.mirror"] = "0123456789abcdef" },
                },
                Spec = new() { NodeName = "worker-1", Containers = [new() { Name = "app" }] },
            },
            Cancellation);
        await TurnAsync();
        api.Saw("alice", "static", Now);
        first.Wants.Add(new() { Namespace = "shop", Pod = "static", PodUID = "0123456789abcdef" });

        await TurnAsync(14);

        Assert.Equal("0123456789abcdef", first.Handed.SelectMany(one => one.Execs).Single().PodUID);
        Assert.Contains(first.Handed.SelectMany(one => one.Pods), one => one.PodUID == "0123456789abcdef");
    }

    [Fact]
    public async Task LookingUpPodsHasAPace()
    {
        await TurnAsync();
        var requests = 0;
        cluster.Fault = call =>
        {
            requests += call.Verb == "get" ? 1 : 0;
            return null;
        };
        for (var at = 0; at < 500; at++)
            api.Saw($"user-{at}", $"pod-{at}", Now);

        await TurnAsync();
        Assert.InRange(requests, 1, PodLookup.AtOnce + PodLookup.PerSecond);
        await TurnAsync(30);

        Assert.Equal(500, first.Users.Distinct().Count());
    }

    [Fact]
    public async Task AHeartbeatComesEveryTenSecondsAndMoreOftenWhileAProcessWaits()
    {
        await TurnAsync(31);
        Assert.InRange(first.Handed.Count, 3, 5);
        first.IsWaiting = true;
        await TurnAsync(11);
        var before = first.Handed.Count;

        await TurnAsync(10);

        Assert.InRange(first.Handed.Count - before, 4, 6);
    }

    [Fact]
    public async Task SequencesRise()
    {
        await TurnAsync(60);

        Assert.Equal(first.Handed.Select(one => one.Sequence).Order().Distinct(), first.Handed.Select(one => one.Sequence));
    }

    [Fact]
    public async Task WhatIsTooLargeToBeTrueIsNotHandedOver()
    {
        await PodAsync("cart-0", "worker-1", "app");
        await TurnAsync();
        api.Saw(new string('x', 2000), "cart-0", Now);
        api.Saw("alice", "cart-0", Now);

        await TurnAsync(2);

        Assert.Equal(["alice"], first.Users);
        Assert.Null(first.Handed[^1].Through);
        Assert.Contains("dropped", first.Handed[^1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAgentThatDoesNotAnswerIsTriedLessAndLessOften()
    {
        await TurnAsync(2);
        second.IsReachable = false;

        await TurnAsync(600);
        Assert.InRange(second.Refusals, 10, 16);

        second.IsReachable = true;
        await TurnAsync(62);
        Assert.Contains(second.Handed, one => one.Time > Now.AddSeconds(-62));
        (second.IsReachable, second.Refusals) = (false, 0);
        await TurnAsync(20);
        Assert.InRange(second.Refusals, 2, 3);
    }

    [Fact]
    public async Task AnAgentThatDoesNotAnswerIsLoggedOnce()
    {
        await TurnAsync(2);
        (api.IsReachable, first.IsReachable) = (false, false);
        await TurnAsync(30);
        Assert.Equal(2, log.Warnings.Count);

        api.IsReachable = true;
        await TurnAsync(10);
        api.IsReachable = false;
        await TurnAsync(10);

        Assert.Equal(["cp-1", "cp-1", "worker-1"], log.Warnings.Select(line => line.Split("node ")[1].Split(',')[0]).Order());
    }

    async Task TurnAsync(int times = 1)
    {
        for (var at = 0; at < times; at++)
        {
            await relay.TurnAsync(Cancellation);
            time.Advance(ExecRelay.Every);
        }
    }

    async Task<string> PodAsync(string name, string node, string container, V1Probe? probe = null)
    {
        var pod = await cluster.SaveAsync(
            new V1Pod
            {
                ApiVersion = "v1",
                Kind = "Pod",
                Metadata = new() { NamespaceProperty = "shop", Name = name },
                Spec = new() { NodeName = node, Containers = [new() { Name = container, LivenessProbe = probe }] },
            },
            Cancellation);
        return pod.Metadata.Uid;
    }

    sealed class RecordingLog : ILogger<ExecRelay>
    {
        public List<string> Warnings { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Warnings)
                Warnings.Add($"{logLevel}: {formatter(state, exception)}");
        }
    }
}
