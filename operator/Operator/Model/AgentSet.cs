using ClusterTrail.Trails.Files;
using k8s.Models;

namespace ClusterTrail.Operator.Model;

/// <summary>What makes the agents' pods: a DaemonSet, or the StatefulSet of the one that reads for all API servers.</summary>
/// <param name="Name">Its name; all are in the operator's namespace.</param>
/// <param name="Uid">Null of one that does not exist.</param>
/// <param name="IsObserved">Whether its controller has seen it.</param>
/// <param name="Desired">How many pods there should be.</param>
/// <param name="Ready">How many are ready.</param>
sealed record AgentSet(string Kind, string Name, string? Uid, bool IsObserved, int Desired, int Ready)
{
    /// <summary>Its kind, as kubectl has it.</summary>
    public string Resource => Kind.ToLowerInvariant();

    public static AgentSet Of(V1DaemonSet set) => new(
        "DaemonSet", set.Metadata.Name, set.Metadata.Uid, set.Status?.ObservedGeneration is not null,
        set.Status?.DesiredNumberScheduled ?? 0, set.Status?.NumberReady ?? 0);

    public static AgentSet Of(V1StatefulSet set) => new(
        Collector.OwnerKind, set.Metadata.Name, set.Metadata.Uid, set.Status?.ObservedGeneration is not null, 1,
        set.Status?.ReadyReplicas ?? 0);
}
