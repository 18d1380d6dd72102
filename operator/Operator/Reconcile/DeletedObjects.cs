using System.Collections.Concurrent;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Cache;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Manifests;
using k8s.Models;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>The objects of a Trail that is being deleted: its agents stop reading, then all objects are deleted.</summary>
sealed class DeletedObjects(ICluster cluster, ClusterCache cache, AppliedObjects objects, OperatorOptions options)
{
    // The agents' ConfigMaps by the Trail's uid, as they should be: one may be deleted before each node's kubelet has seen it.
    readonly ConcurrentDictionary<string, JsonResource> stopped = new();

    /// <summary>Makes the agents stop reading, also those whose ConfigMap is deleted meanwhile.</summary>
    public async Task StopAsync(Trail trail, CancellationToken cancellationToken)
    {
        var name = new ObjectKey(options.Namespace, new AgentNames(trail.Metadata.Name).Shared);
        if (!stopped.ContainsKey(trail.Metadata.Uid!)
            && cache.ConfigMaps.Find(name) is not null
            && await cluster.GetAsync<V1ConfigMap>(name, cancellationToken) is { } live
            && Ownership.IsOf(live, trail)
            && StoppedAgents.ConfigMap(live) is { } wanted)
        {
            stopped[trail.Metadata.Uid!] = wanted;
        }

        if (stopped.TryGetValue(trail.Metadata.Uid!, out var configMap))
            await objects.ApplyAsync(configMap, cancellationToken);
    }

    public async Task DeleteAsync(Trail trail, CancellationToken cancellationToken)
    {
        stopped.TryRemove(trail.Metadata.Uid!, out _);
        foreach (var made in AgentManifests.References(trail, options.Namespace, cache.IsServed(AgentPodMonitor.Type)))
            await objects.DeleteAsync(made, trail, cancellationToken);
    }
}
