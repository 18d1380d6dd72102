namespace ClusterTrail.Kubernetes;

public sealed record ServiceAccount : Resource, IResource<ServiceAccount>
{
    public static ResourceType Definition { get; } = new("", "v1", "ServiceAccount", "serviceaccounts");
}
