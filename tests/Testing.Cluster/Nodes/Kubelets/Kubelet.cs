using System.Collections.Concurrent;
using ClusterTrail.Kubernetes;
using k8s.Models;

namespace ClusterTrail.Testing.Nodes.Kubelets;

/// <summary>The kubelet of one node: says that the node is well, and runs the pods that are bound to it.</summary>
sealed class Kubelet(string node, KubeletParts parts) : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, PodWorker> workers = new();

    /// <summary>When it was last heard of; nothing while it is well.</summary>
    public DateTimeOffset? SilentSince { get; private set; }

    /// <summary>The processes of its pods, and whose they are.</summary>
    public IEnumerable<(string PodUid, IPodProcess Process)> Processes =>
        workers.Where(worker => worker.Value.Process is not null).Select(worker => (worker.Key, worker.Value.Process!));

    public async Task SyncAsync(Snapshot seen, CancellationToken cancellationToken)
    {
        if (SilentSince is not null)
            return;
        if (seen.FindNode(node) is { } own && NodeStatusOf.Ready(own) != "True")
            await Races.LoseAsync(() => SayWellAsync(own, cancellationToken));
        var pods = seen.Pods.Where(pod => PodOf.Node(pod) == node).ToList();
        await Task.WhenAll(pods.Select(pod => Races.LoseAsync(() => WorkerOf(pod).SyncAsync(pod, cancellationToken))));
        var there = pods.Select(pod => pod.Uid).ToHashSet();
        foreach (var gone in workers.Keys.Where(uid => !there.Contains(uid)).ToList())
        {
            // Deleted by force: whatever it still does, it does no more.
            if (workers.TryRemove(gone, out var worker))
                await worker.DisposeAsync();
        }
    }

    /// <summary>The node is cut off. What runs there runs on.</summary>
    public async Task LoseAsync()
    {
        SilentSince ??= parts.Now;
        foreach (var (_, process) in Processes)
            await process.CutAsync();
    }

    public async Task ReturnAsync()
    {
        foreach (var (_, process) in Processes)
            await process.MendAsync();
        foreach (var worker in workers.Values)
            worker.Return();
        SilentSince = null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in workers.Values)
            await worker.DisposeAsync();
        workers.Clear();
    }

    Task SayWellAsync(Seen own, CancellationToken cancellationToken) =>
        parts.Clients.ApplyStatusAsync(Part.Kubelet, ResourceType.Of<V1Node>(), own, NodeStatusOf.Well(node, parts.Now), cancellationToken);

    PodWorker WorkerOf(Seen pod) => workers.GetOrAdd(pod.Uid, _ => new(node, parts));
}
