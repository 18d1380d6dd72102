using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Nodes;
using ClusterTrail.Trails.Api;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Operator.Tests;

/// <summary>A cluster in memory with operators in it, what a user does there, and its nodes.</summary>
sealed class OperatorWorld : IAsyncDisposable
{
    readonly List<(CancellationTokenSource Stop, Task Running, OperatorHost Host)> operators = [];
    readonly InMemoryCluster cluster = new();

    public OperatorWorld()
    {
        User = cluster.As("kubectl");
        Nodes = new(manager => cluster.As(manager));
    }

    /// <summary>The cluster as its users reach it.</summary>
    public InMemoryCluster User { get; }

    /// <summary>The nodes: none, until a test adds one and starts them, or calls <see cref="RunAgentAsync"/>.</summary>
    public NodeWorld Nodes { get; }

    /// <summary>What operators have written: verb, kind and name, in order.</summary>
    public ConcurrentQueue<string> Writes { get; } = new();

    /// <summary>Where the next replica serves its pages.</summary>
    public string Listen { get; set; } = "127.0.0.1:0";

    public TimeSpan DeletionGrace { get; set; } = TimeSpan.FromMinutes(5);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts a replica. Returns what stops it.</summary>
    public Func<Task> StartOperator(string identity = "first", ILoggerFactory? loggers = null)
    {
        var client = cluster.As("clustertrail-operator");
        client.Fault = call =>
        {
            if (call.Verb is not ("get" or "list" or "watch") && call.Type.Plural != "leases")
                Writes.Enqueue($"{identity}: {call.Verb} {call.Type.Plural} {call.Key}");
            return null;
        };
        var host = new OperatorHost(
            _ => client,
            new()
            {
                Namespace = Some.Namespace,
                AgentImage = "clustertrail-agent:test",
                Listen = Listen,
                Identity = identity,
                Poll = TimeSpan.FromMilliseconds(100),
                DeletionGrace = DeletionGrace,
            },
            loggers ?? NullLoggerFactory.Instance, TimeProvider.System);
        var stop = new CancellationTokenSource();
        var running = Task.Run(() => host.RunAsync(stop.Token));
        operators.Add((stop, running, host));
        return () => StopAsync(stop, running);
    }

    public Task ApplyAsync(Trail trail) =>
        User.ApplyAsync((trail with { Metadata = new() { Name = trail.Metadata.Name } }).ToJson(), Cancellation);

    public Task ApplyAsync(TrailSelector selector) => User.ApplyAsync(selector.ToJson(), Cancellation);

    public Task LabelNamespaceAsync(string name, string key, string value) => User.ApplyAsync(
        new(new("", "v1", "Namespace", "namespaces", Namespaced: false),
            new() { ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { [key] = value } } }),
        Cancellation);

    public Task DefineAsync(ResourceType type) => User.ApplyAsync(
        new(new("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", Namespaced: false),
            new() { ["metadata"] = new JsonObject { ["name"] = $"{type.Plural}.{type.Group}" } }),
        Cancellation);

    /// <summary>
    /// One control-plane node, cp-1, joins, and the Trail's agent there becomes ready. It says what the <see cref="AgentDouble"/> of its
    /// Trail's port does.
    /// </summary>
    public async Task RunAgentAsync(string trail = "main")
    {
        if (await User.GetAsync<V1Node>(new(null, "cp-1"), Cancellation) is null)
            await Nodes.AddControlPlaneNodeAsync("cp-1", Cancellation);
        var port = (await TrailAsync(trail)).Spec.Telemetry.Port;
        Nodes.AgentOf("cp-1", trail).Says = status =>
            AgentDouble.Of(port)?.Status is { } said ? said with { Agent = said.Agent with { Trail = trail } } : status;
        Nodes.Start();
        await Eventually.HoldsAsync(
            "the agent is ready",
            async () => await User.GetAsync<V1DaemonSet>(new(Some.Namespace, $"clustertrail-{trail}-apiserver"), Cancellation)
                is { Status.NumberAvailable: 1 },
            Cancellation);
    }

    public async Task<Trail> TrailAsync(string name = "main") => (await FindTrailAsync(name))!;

    public Task<Trail?> FindTrailAsync(string name = "main") => User.GetAsync<Trail>(new(null, name), Cancellation);

    public Task<JsonObject?> FindAsync(string plural, string name) => ReadAsync(Type(plural), name);

    public async Task<string?> FileAsync(string file, string trail = "main") =>
        (await User.GetAsync<V1ConfigMap>(new(Some.Namespace, $"clustertrail-{trail}"), Cancellation))?.Data is { } data
            && data.TryGetValue(file, out var text)
            ? text
            : null;

    /// <summary>Waits for a condition to be as told: status and reason.</summary>
    public Task HasConditionAsync(string type, string status, string reason, string trail = "main") => Eventually.HoldsAsync(
        $"{type} is {status}, {reason}",
        async () =>
            (await FindTrailAsync(trail))?.Status?.Conditions?.Any(
                condition => (condition.Type, condition.Status, condition.Reason) == (type, status, reason)) == true,
        Cancellation);

    public async Task<IReadOnlyList<Eventsv1Event>> EventsAsync() =>
        (await User.ListAsync<Eventsv1Event>(new("default"), Cancellation)).Items;

    public async ValueTask DisposeAsync()
    {
        foreach (var (stop, running, host) in operators)
        {
            await StopAsync(stop, running);
            host.Dispose();
            stop.Dispose();
        }

        await Nodes.DisposeAsync();
    }

    static async Task StopAsync(CancellationTokenSource stop, Task running)
    {
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    static ResourceType Type(string plural) => plural switch
    {
        "daemonsets" => ResourceType.Of<V1DaemonSet>(),
        "serviceaccounts" => new("", "v1", "ServiceAccount", plural),
        "networkpolicies" => new("networking.k8s.io", "v1", "NetworkPolicy", plural),
        "podmonitors" => new("monitoring.coreos.com", "v1", "PodMonitor", plural),
        _ => throw new ArgumentException(plural),
    };

    async Task<JsonObject?> ReadAsync(ResourceType type, string name) =>
        await User.GetAsync<AnyResource>(type, new(Some.Namespace, name), Cancellation) is { } found ? found.Spec ?? [] : null;

    sealed record AnyResource : Resource
    {
        public JsonObject? Spec { get; init; }
    }
}
