using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ClusterTrail.Kubernetes;
using k8s.Models;

namespace ClusterTrail.Testing.Nodes.Tests;

/// <summary>A cluster in memory with nodes, and a clock that is stepped.</summary>
sealed class Cluster : IAsyncDisposable
{
    readonly SteppedTime time = new();

    public Cluster()
    {
        InMemory = new(time);
        User = InMemory.As("kubectl-user");
        Nodes = new(manager => InMemory.As(manager), time);
    }

    public InMemoryCluster InMemory { get; }

    public InMemoryCluster User { get; }

    public NodeWorld Nodes { get; }

    public DateTimeOffset Now => time.GetUtcNow();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A cluster whose control-plane nodes run agents that are ready.</summary>
    public static async Task<Cluster> RunningAsync(params string[] nodes)
    {
        var cluster = new Cluster();
        try
        {
            foreach (var node in nodes)
                await cluster.Nodes.AddControlPlaneNodeAsync(node, Cancel);
            await cluster.ApplyAsync(Some.ConfigMapOf());
            await cluster.ApplyAndSettleAsync(Some.DaemonSetOf());
            Assert.All(await cluster.PodsAsync(), pod => Assert.True(PodOf.IsReady(pod)));
            return cluster;
        }
        catch
        {
            // What it listens on would be in the way of others.
            await cluster.DisposeAsync();
            throw;
        }
    }

    public Task ApplyAsync(JsonResource resource) => User.ApplyAsync(resource, Cancel);

    /// <summary>Applies it, and lets everybody do what follows at once.</summary>
    public async Task ApplyAndSettleAsync(JsonResource resource)
    {
        await ApplyAsync(resource);
        await Nodes.SettleAsync(Cancel);
    }

    public Task AdvanceAsync(double seconds) => Nodes.AdvanceAsync(TimeSpan.FromSeconds(seconds), Cancel);

    public Task SettleAsync() => Nodes.SettleAsync(Cancel);

    public Task<IReadOnlyList<Seen>> PodsAsync() => Nodes.PodsAsync(Some.Namespace, Cancel);

    public async Task<Seen> PodAsync(string node) => Assert.Single(await PodsAsync(), pod => PodOf.Target(pod) == node);

    public async Task<JsonNode> ContainerAsync(string node) => (await PodAsync(node)).Status!["containerStatuses"]![0]!;

    public async Task<string?> WaitingAsync(string node) => (string?)(await ContainerAsync(node))["state"]!["waiting"]?["reason"];

    public async Task<V1DaemonSetStatus> StatusAsync() =>
        (await User.GetAsync<V1DaemonSet>(new(Some.Namespace, "agents"), Cancel))!.Status!;

    public Task DeleteAsync(Seen pod) => User.DeleteAsync(ResourceType.Of<V1Pod>(), pod.Key, Cancel);

    public Task DeleteDaemonSetAsync() => User.DeleteAsync(ResourceType.Of<V1DaemonSet>(), new(Some.Namespace, "agents"), Cancel);

    /// <summary>The notes of Events of a reason, in the order of their first coming.</summary>
    public async Task<IReadOnlyList<string>> NotesAsync(string reason) =>
        [.. (await EventsAsync()).Where(reported => reported.Reason == reason).Select(reported => reported.Note!)];

    public async Task<IReadOnlyList<Eventsv1Event>> EventsAsync() =>
        [.. (await User.ListAsync<Eventsv1Event>(new(Some.Namespace), Cancel)).Items.OrderBy(reported => reported.Metadata.CreationTimestamp)];

    /// <summary>With the fields that the product has no use for.</summary>
    public async Task<IReadOnlyList<JsonObject>> EventsAsJsonAsync()
    {
        var reported = await User.ListAsync<AnyEvent>(ResourceType.Of<Eventsv1Event>(), new(Some.Namespace), Cancel);
        return [.. reported.Items.Select(one => JsonSerializer.SerializeToNode(one.Fields)!.AsObject())];
    }

    public ValueTask DisposeAsync() => Nodes.DisposeAsync();

    sealed record AnyEvent : Resource
    {
        [JsonExtensionData]
        public Dictionary<string, JsonElement>? Fields { get; init; }
    }
}
