using ClusterTrail.Kubernetes;
using k8s.Models;

namespace ClusterTrail.Trails.Api;

/// <summary>What is recorded of a cluster, how it is protected, and where it goes: crds/trails.clustertrail.io.yaml.</summary>
[KubernetesEntity(Group = "clustertrail.io", ApiVersion = "v1alpha1", Kind = "Trail", PluralName = "trails"), ClusterScoped]
public sealed record Trail : Resource
{
    public required TrailSpec Spec { get; init; }

    public TrailStatus? Status { get; init; }
}
