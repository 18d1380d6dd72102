using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Nodes;
using ClusterTrail.Trails.Api;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Operator.Tests;

/// <summary>The operator on a cluster in memory, with nodes and a clock that is stepped: minutes of a cluster's life in a moment.</summary>
sealed class SteppedWorld : IAsyncDisposable
{
    const string Image = "clustertrail-agent:test";

    readonly SteppedTime time = new();
    readonly InMemoryCluster cluster;
    readonly List<(string Condition, string Status, string Reason)> seen = [];
    CancellationTokenSource stop = new();
    OperatorHost? host;
    Task running = Task.CompletedTask;

    /// <summary>Whether the next operator may have agents on all nodes.</summary>
    public bool Workloads { get; set; } = true;

    /// <summary>The key in KMS with which the next operator signs.</summary>
    public Kms.KmsKeyReference? Kms { get; set; }

    /// <summary>What API servers say of themselves to the next operator; nobody looks by default.</summary>
    public IApiServerPages? Pages { get; set; }

    public SteppedWorld()
    {
        cluster = new(time);
        User = cluster.As("kubectl");
        Nodes = new(manager => cluster.As(manager), time, new() { ProbePatience = TimeSpan.FromMilliseconds(500) });
    }

    public InMemoryCluster User { get; }

    public NodeWorld Nodes { get; }

    /// <summary>Asked before every call of the operator, also of one that starts anew: the exception it fails with, if it shall
    /// fail.</summary>
    public Func<ClusterCall, Exception?>? Fault { get; set; }

    /// <summary>What the operator has logged.</summary>
    public ConcurrentQueue<string> Log { get; } = new();

    /// <summary>Each state that each condition of the Trail main was in, in order.</summary>
    public IReadOnlyList<(string Condition, string Status, string Reason)> Seen => seen;

    public DateTimeOffset Now => time.GetUtcNow();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A Trail whose agents run on these control-plane nodes and are ready.</summary>
    public static async Task<SteppedWorld> RecordingAsync(string[] nodes, Func<Trail, Trail>? change = null)
    {
        var world = await StartAsync(nodes);
        await world.ApplyAsync((change ?? (trail => trail))(Some.Trail()));
        await world.AdvanceAsync(30);
        Assert.Equal(("True", "Recording"), await world.ConditionAsync("Ready"));
        return world;
    }

    public static async Task<SteppedWorld> StartAsync(params string[] nodes)
    {
        var world = new SteppedWorld();
        foreach (var node in nodes)
            await world.Nodes.AddControlPlaneNodeAsync(node, Cancel);
        world.StartOperator();
        await world.SettleAsync();
        return world;
    }

    /// <summary>Applies a Trail. What the operator does about it is done before time passes: how far nodes would come meanwhile is chance.</summary>
    public async Task ApplyAsync(Trail trail)
    {
        await User.ApplyAsync((trail with { Metadata = new() { Name = trail.Metadata.Name } }).ToJson(), Cancel);
        await SettleAsync();
    }

    public Task DeleteTrailAsync() => User.DeleteAsync(ResourceType.Of<Trail>(), new(null, "main"), Cancel);

    /// <summary>Lets time pass, a second at a time.</summary>
    public async Task AdvanceAsync(double seconds)
    {
        for (var left = seconds; left > 0; left--)
        {
            await Nodes.AdvanceAsync(TimeSpan.FromSeconds(Math.Min(left, 1)), Cancel);
            await SettleAsync();
        }
    }

    /// <summary>Lets time pass until something is so.</summary>
    /// <returns>How many seconds it took.</returns>
    public async Task<int> UntilAsync(string what, Func<Task<bool>> holds, int seconds)
    {
        for (var passed = 0; passed <= seconds; passed++)
        {
            if (await holds())
                return passed;
            await AdvanceAsync(1);
        }

        Assert.Fail($"In {seconds} s it did not come to pass that {what}. Seen:\n{string.Join('\n', seen)}");
        return 0;
    }

    /// <summary>Waits for a condition, for a minute at most: the promise of the status.</summary>
    public Task<int> WithinAMinuteAsync(string type, string status, string reason) =>
        UntilAsync($"{type} is {status}, {reason}", async () => await ConditionAsync(type) == (status, reason), 60);

    public Task<Trail?> TrailAsync() => User.GetAsync<Trail>(new(null, "main"), Cancel);

    public async Task<(string Status, string? Reason)> ConditionAsync(string type)
    {
        var condition = (await TrailAsync())?.Status?.Conditions?.FirstOrDefault(condition => condition.Type == type);
        return (condition?.Status ?? "", condition?.Reason);
    }

    public async Task<string> MessageAsync(string type) =>
        (await TrailAsync())!.Status!.Conditions!.Single(condition => condition.Type == type).Message!;

    /// <summary>The Events of Trails: type, reason and note, in order.</summary>
    public async Task<IReadOnlyList<string>> EventsAsync() =>
        [.. (await User.ListAsync<Eventsv1Event>(new("default"), Cancel)).Items.OrderBy(reported => reported.EventTime).Select(reported => $"{reported.Type} {reported.Reason}: {reported.Note}")];

    public async Task<IReadOnlyList<string>> WarningsAsync() =>
        [.. (await EventsAsync()).Where(reported => reported.StartsWith("Warning", StringComparison.Ordinal))];

    /// <summary>A deleted Trail's one Event about what was not delivered.</summary>
    public async Task SaysWhatWasLeftAsync(string part) => Assert.Contains(
        part,
        Assert.Single(await EventsAsync(), reported => reported.Contains("DeletedUndelivered", StringComparison.Ordinal)),
        StringComparison.Ordinal);

    /// <summary>Writes the Trail's status as another operator has left it.</summary>
    public async Task WriteStatusAsync(Func<TrailStatus, TrailStatus> change)
    {
        var status = JsonSerializer.SerializeToNode(change((await TrailAsync())!.Status!), KubernetesJson.Options);
        await cluster.As("clustertrail-operator").ApplyStatusAsync(
            new(ResourceType.Of<Trail>(), new() { ["metadata"] = new JsonObject { ["name"] = "main" }, ["status"] = status }), Cancel);
    }

    public async Task RestartOperatorAsync()
    {
        await StopOperatorAsync();
        StartOperator();
        await SettleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopOperatorAsync();
        await Nodes.DisposeAsync();
    }

    void StartOperator()
    {
        var client = cluster.As("clustertrail-operator");
        client.Fault = call => Fault?.Invoke(call);
        var loggers = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Information).AddProvider(new LogOf(Log)));
        host = new(
            _ => client,
            new()
            {
                Namespace = Some.Namespace,
                AgentImage = Image,
                Listen = "127.0.0.1:0",
                Identity = Guid.NewGuid().ToString("N"),
                Workloads = Workloads,
                Kms = Kms,
            },
            loggers, time, Pages);
        stop = new();
        var token = stop.Token;
        running = Task.Run(() => host.RunAsync(token));
    }

    async Task StopOperatorAsync()
    {
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        host?.Dispose();
        stop.Dispose();
    }

    // The operator does what follows from a step in threads of its own: it is done when it has seen all there is and has nothing to do, and
    // has not changed anything meanwhile. A bookmark comes to each watch after all changes before it.
    async Task SettleAsync()
    {
        string before;
        do
        {
            before = await VersionAsync();
            User.Bookmark();
            await IdleAsync(before);
        }
        while (await VersionAsync() != before);
        await NoteAsync();
    }

    async Task IdleAsync(string version)
    {
        for (var since = Stopwatch.StartNew(); !(host!.Versions.All(seen => IsUpTo(seen, version)) && host.IsIdle);)
        {
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(30), "In 30 s the operator did not come to rest.");
            await Task.Delay(1, Cancel);
        }
    }

    static bool IsUpTo(string? version, string wanted) => version is not null && long.Parse(version, null) >= long.Parse(wanted, null);

    async Task<string> VersionAsync() => (await User.ListAsync<V1Lease>(new("nowhere"), Cancel)).ResourceVersion;

    async Task NoteAsync()
    {
        foreach (var condition in (await TrailAsync())?.Status?.Conditions ?? [])
        {
            var state = (condition.Type, condition.Status, condition.Reason ?? "");
            if (seen.LastOrDefault(last => last.Condition == condition.Type) != state)
                seen.Add(state);
        }
    }

    sealed class LogOf(ConcurrentQueue<string> log) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Enqueue($"{logLevel} {formatter(state, exception)} {exception?.GetType().Name} {exception?.Message}");

        public void Dispose()
        {
        }
    }
}
