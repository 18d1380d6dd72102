namespace ClusterTrail.Kubernetes;

public sealed record Node : Resource, IResource<Node>
{
    public static ResourceType Definition { get; } = new("", "v1", "Node", "nodes", Namespaced: false);

    public NodeSpec? Spec { get; init; }
    public NodeStatus? Status { get; init; }
}
