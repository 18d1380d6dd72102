using System.Text.Json.Serialization;

namespace ClusterTrail.Kubernetes;

public sealed record PodSpec(
    string? NodeName = null, string? ServiceAccountName = null, PodAffinity? Affinity = null, IReadOnlyList<Container>? Containers = null)
{
    /// <summary>The node that it is on, or for which a DaemonSet controller has made it; nothing of a pod that may still go anywhere.</summary>
    [JsonIgnore]
    public string? Node => NodeName ?? Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution?.Node;
}
