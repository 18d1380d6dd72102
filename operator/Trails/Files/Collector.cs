using ClusterTrail.Kubernetes;
using k8s.Models;

namespace ClusterTrail.Trails.Files;

/// <summary>The one agent of a Trail whose API servers no agent is beside: its volume goes with it from node to node.</summary>
public static class Collector
{
    /// <summary>What stands for a node in its records, the names of its objects and its chain of digests.</summary>
    public const string NodeName = "collector";

    /// <summary>What its pod is made by.</summary>
    public const string OwnerKind = "StatefulSet";

    /// <summary>The node in the names of what an agent delivers; null of a pod that may still go anywhere.</summary>
    public static string? NodeOf(V1Pod pod) =>
        pod.Metadata.OwnerReferences?.Any(owner => owner is { Controller: true, Kind: OwnerKind }) == true ? NodeName : pod.Spec?.Node;
}
