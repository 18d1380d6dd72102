using k8s.Models;

namespace ClusterTrail.Kubernetes;

/// <summary>Questions about a pod.</summary>
public static class PodExtensions
{
    extension(V1PodSpec pod)
    {
        /// <summary>The node that it is on, or was made for by a DaemonSet controller; null of a pod that may still go anywhere.</summary>
        public string? Node => pod.NodeName
            ?? (pod.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution?.NodeSelectorTerms
                is [{ MatchFields: { } fields }, ..]
                ? fields.FirstOrDefault(required => required is { Key: "metadata.name", OperatorProperty: "In", Values: [_] })?.Values[0]
                : null);
    }
}
