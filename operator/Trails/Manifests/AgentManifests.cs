using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;
using k8s.Models;

namespace ClusterTrail.Trails.Manifests;

/// <summary>What a Trail becomes in the cluster.</summary>
public static class AgentManifests
{
    /// <summary>The Trail's objects, each before those that need it.</summary>
    public static IReadOnlyList<JsonResource> Build(Trail trail, AgentFiles files, AgentInputs inputs) =>
    [
        AgentServiceAccount.Build(trail, inputs),
        AgentConfigMap.Build(trail, files, inputs),
        AgentNetworkPolicy.Build(trail, inputs),
        AgentDaemonSet.Build(trail, files, inputs),
        .. inputs.PodMonitors ? [AgentPodMonitor.Build(trail, inputs)] : (JsonResource[])[],
    ];

    /// <summary>The names of what <see cref="Build"/> makes, the agents first; for a caller that only deletes them.</summary>
    public static IReadOnlyList<JsonResource> References(Trail trail, string @namespace, bool podMonitors)
    {
        var names = new AgentNames(trail.Metadata.Name);
        return
        [
            Named(ResourceType.Of<V1DaemonSet>(), names.DaemonSet),
            .. podMonitors ? [Named(AgentPodMonitor.Type, names.Shared)] : (JsonResource[])[],
            Named(ResourceType.Of<V1NetworkPolicy>(), names.Shared),
            Named(ResourceType.Of<V1ConfigMap>(), names.Shared),
            Named(ResourceType.Of<V1ServiceAccount>(), names.Shared),
        ];

        JsonResource Named(ResourceType type, string name) =>
            new(type, new() { ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = @namespace } });
    }
}
