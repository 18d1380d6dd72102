using System.Text.Json.Nodes;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Kubernetes;
using k8s.Models;

namespace ClusterTrail.Trails;

/// <summary>What a Trail becomes in the cluster.</summary>
public static class AgentManifests
{
    /// <summary>The Trail's objects, each before those that need it.</summary>
    public static IReadOnlyList<JsonResource> Build(Trail trail, AgentInputs inputs) =>
    [
        AgentServiceAccount.Build(trail, inputs),
        AgentConfigMap.Build(trail, inputs),
        AgentNetworkPolicy.Build(trail, inputs),
        AgentDaemonSet.Build(trail, inputs),
        .. inputs.PodMonitors ? [AgentPodMonitor.Build(trail, inputs)] : (JsonResource[])[],
    ];

    /// <summary>The names of what <see cref="Build"/> makes, the agents first; for who only wants them gone.</summary>
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

        JsonResource Named(ResourceType type, string name) => new(type, new() { ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = @namespace } });
    }

    /// <summary>How many of the attached sets, from the first on, one ConfigMap holds. Refuse the others: they came last.</summary>
    public static int Fitting(Trail trail, IReadOnlyList<RuleSet> attached, IReadOnlyList<TrailRuleFile> ruleFiles) =>
        AgentConfigMap.Fitting(trail, attached, ruleFiles);
}
