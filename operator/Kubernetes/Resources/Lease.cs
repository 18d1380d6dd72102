namespace ClusterTrail.Kubernetes;

public sealed record Lease : Resource, IResource<Lease>
{
    public static ResourceType Definition { get; } = new("coordination.k8s.io", "v1", "Lease", "leases");

    public LeaseSpec Spec { get; init; } = new();
}
