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
    /// <param name="trail">The Trail.</param>
    /// <param name="files">The files of its agents that record API events.</param>
    /// <param name="inputs">What else they depend on.</param>
    /// <param name="workloads">The files of its agents on all nodes; null if there are to be none.</param>
    public static IReadOnlyList<JsonResource> Build(Trail trail, AgentFiles files, AgentInputs inputs, WorkloadFiles? workloads = null)
    {
        IReadOnlyList<RoleFiles> roles = [RoleFiles.Of(trail, files), .. workloads is null ? [] : new[] { RoleFiles.Of(trail, workloads) }];
        return
        [
            AgentServiceAccount.Build(trail, inputs),
            .. roles.Select(role => AgentConfigMap.Build(trail, role, inputs)),
            AgentNetworkPolicy.Build(trail, inputs),
            .. trail.Spec.Sources.ApiServer.Called() is { IsService: true } called
                ? [ReceiverService.Build(trail, called, inputs)]
                : (JsonResource[])[],
            .. roles.Select(role => IsCollected(trail, role.Role)
                ? AgentStatefulSet.Build(trail, role, inputs)
                : AgentDaemonSet.Build(trail, role, inputs)),
            .. inputs.PodMonitors ? [AgentPodMonitor.Build(trail, inputs)] : (JsonResource[])[],
        ];
    }

    /// <summary>The names of what <see cref="Build"/> makes, the agents first; for a caller that only deletes them.</summary>
    public static IReadOnlyList<JsonResource> References(Trail trail, string @namespace, bool podMonitors)
    {
        var names = new AgentNames(trail.Metadata.Name);
        return
        [
            .. IsCollected(trail, AgentRole.ApiServer)
                ? [Named(ResourceType.Of<V1StatefulSet>(), names.StatefulSet), Named(ReceiverService.Type, names.Receiver)]
                : (JsonResource[])[Named(ResourceType.Of<V1DaemonSet>(), names.DaemonSet)],
            .. References(trail, AgentRole.Workloads, @namespace),
            .. podMonitors ? [Named(AgentPodMonitor.Type, names.Shared)] : (JsonResource[])[],
            Named(ResourceType.Of<V1NetworkPolicy>(), names.Shared),
            Named(ResourceType.Of<V1ConfigMap>(), names.Shared),
            Named(ResourceType.Of<V1ServiceAccount>(), names.Shared),
        ];

        JsonResource Named(ResourceType type, string name) => AgentManifests.Named(type, name, @namespace);
    }

    /// <summary>The names of what only the agents of one role have, the agents first.</summary>
    public static IReadOnlyList<JsonResource> References(Trail trail, AgentRole role, string @namespace)
    {
        var names = new AgentNames(trail.Metadata.Name);
        return
        [
            Named(ResourceType.Of<V1DaemonSet>(), names.DaemonSetOf(role), @namespace),
            Named(ResourceType.Of<V1ConfigMap>(), names.ConfigMap(role), @namespace),
        ];
    }

    static bool IsCollected(Trail trail, AgentRole role) => role == AgentRole.ApiServer && trail.Spec.Sources.ApiServer.IsCollected();

    static JsonResource Named(ResourceType type, string name, string @namespace) =>
        new(type, new() { ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = @namespace } });
}
