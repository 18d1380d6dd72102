namespace ClusterTrail.Kubernetes;

public sealed record NetworkPolicy : Resource, IResource<NetworkPolicy>
{
    public static ResourceType Definition { get; } = new("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies");
}
