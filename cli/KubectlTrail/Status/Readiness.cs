using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Kubectl.Status;

/// <summary>What a Trail's condition Ready is worth.</summary>
static class Readiness
{
    internal const string Ready = "Ready";

    // The operator looks at the agents all the time, and says so at least this often.
    static readonly TimeSpan Old = TimeSpan.FromHours(1);

    /// <summary>Whether the operator says so, says it of the newest spec, and said it not long ago.</summary>
    internal static bool IsReady(Trail trail, DateTimeOffset now) =>
        ConditionOf(trail) is { Status: "True" } && !IsOutdated(trail) && !IsOld(trail, now);

    internal static V1Condition? ConditionOf(Trail trail) => trail.Status?.Conditions?.FirstOrDefault(condition => condition.Type == Ready);

    /// <summary>The status is of an older spec: the operator has not seen the newest one.</summary>
    internal static bool IsOutdated(Trail trail) => trail.Status?.ObservedGeneration < trail.Metadata.Generation;

    /// <summary>The status is not updated any more: the operator does not exist, or does not work.</summary>
    internal static bool IsOld(Trail trail, DateTimeOffset now) => now - trail.Status?.LastObservedTime > Old;
}
