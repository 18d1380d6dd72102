namespace ClusterTrail.Kubernetes;

public sealed record Pod : Resource, IResource<Pod>
{
    public static ResourceType Definition { get; } = new("", "v1", "Pod", "pods");

    public PodSpec? Spec { get; init; }
    public PodStatus? Status { get; init; }
}
