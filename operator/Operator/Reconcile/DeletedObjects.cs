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
    readonly ConcurrentDictionary<(string Trail, AgentRole Role), JsonResource> stopped = new();

    /// <summary>Makes all agents stop reading, also those whose ConfigMap is deleted meanwhile.</summary>
    public async Task StopAsync(Trail trail, CancellationToken cancellationToken)
    {
        foreach (var role in AgentRoles.All)
            await StopAsync(trail, role, cancellationToken);
    }

    /// <summary>The same of the agents of a role.</summary>
    public async Task StopAsync(Trail trail, AgentRole role, CancellationToken cancellationToken)
    {
        var name = new ObjectKey(options.Namespace, new AgentNames(trail.Metadata.Name).ConfigMap(role));
        var place = (trail.Metadata.Uid!, role);
        if (!stopped.ContainsKey(place)
            && cache.ConfigMaps.Find(name) is not null
            && await cluster.GetAsync<V1ConfigMap>(name, cancellationToken) is { } live
            && Ownership.IsOf(live, trail)
            && StoppedAgents.ConfigMap(live) is { } wanted)
        {
            stopped[place] = wanted;
        }

        if (stopped.TryGetValue(place, out var configMap))
            await objects.ApplyAsync(configMap, cancellationToken);
    }

    public async Task DeleteAsync(Trail trail, CancellationToken cancellationToken)
    {
        foreach (var role in AgentRoles.All)
            Resume(trail, role);
        foreach (var made in AgentManifests.References(trail, options.Namespace, cache.IsServed(AgentPodMonitor.Type)))
            await objects.DeleteAsync(made, trail, cancellationToken);
    }

    /// <summary>Deletes what only the agents of a role have.</summary>
    public async Task DeleteAsync(Trail trail, AgentRole role, CancellationToken cancellationToken)
    {
        Resume(trail, role);
        foreach (var made in AgentManifests.References(trail, role, options.Namespace))
            await objects.DeleteAsync(made, trail, cancellationToken);
    }

    /// <summary>Forgets that the agents of a role were stopped.</summary>
    public void Resume(Trail trail, AgentRole role) => stopped.TryRemove((trail.Metadata.Uid!, role), out _);
}
