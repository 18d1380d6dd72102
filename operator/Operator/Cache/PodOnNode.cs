using ClusterTrail.Kubernetes;

namespace ClusterTrail.Operator.Cache;

/// <summary>A pod, of which its node and some labels matter.</summary>
sealed record PodOnNode : Resource
{
    public PodPlace? Spec { get; init; }
}

sealed record PodPlace
{
    public string? NodeName { get; init; }
}
