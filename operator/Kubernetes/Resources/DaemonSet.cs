namespace ClusterTrail.Kubernetes;

public sealed record DaemonSet : Resource, IResource<DaemonSet>
{
    public static ResourceType Definition { get; } = new("apps", "v1", "DaemonSet", "daemonsets");

    public DaemonSetStatus? Status { get; init; }
}
