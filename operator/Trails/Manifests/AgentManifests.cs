using ClusterTrail.Contract.Selectors;
using ClusterTrail.Kubernetes;

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

    /// <summary>How many of the attached sets, from the first on, one ConfigMap holds. Refuse the others: they came last.</summary>
    public static int Fitting(Trail trail, IReadOnlyList<RuleSet> attached, IReadOnlyList<TrailRuleFile> ruleFiles) =>
        AgentConfigMap.Fitting(trail, attached, ruleFiles);
}
