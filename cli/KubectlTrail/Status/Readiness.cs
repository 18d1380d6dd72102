using ClusterTrail.Kubernetes;
using ClusterTrail.Trails;

namespace ClusterTrail.Kubectl.Status;

/// <summary>What a Trail's condition Ready is worth.</summary>
static class Readiness
{
    internal const string Ready = "Ready";

    /// <summary>Whether the operator says so, and says it of the newest spec.</summary>
    internal static bool IsReady(Trail trail) => ConditionOf(trail) is { Status: "True" } && !IsOutdated(trail);

    internal static Condition? ConditionOf(Trail trail) => trail.Status?.Conditions?.FirstOrDefault(condition => condition.Type == Ready);

    /// <summary>The status is of an older spec: the operator has not seen the newest one.</summary>
    internal static bool IsOutdated(Trail trail) => trail.Status?.ObservedGeneration < trail.Metadata.Generation;
}
