using ClusterTrail.Kubernetes;

namespace ClusterTrail.Trails;

/// <summary>What is recorded of a cluster, how it is protected, and where it goes: crds/trails.clustertrail.io.yaml.</summary>
public sealed record Trail : Resource, IResource<Trail>
{
    public static ResourceType Definition { get; } = new("clustertrail.io", "v1alpha1", "Trail", "trails", Namespaced: false);

    public required TrailSpec Spec { get; init; }

    public TrailStatus? Status { get; init; }
}
