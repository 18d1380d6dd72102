using ClusterTrail.Kubernetes;

namespace ClusterTrail.Kubectl.Render;

/// <summary>A namespace, whose labels decide about a Trail's selectorPolicy.</summary>
sealed record Namespace : Resource, IResource<Namespace>
{
    public static ResourceType Definition { get; } = new("", "v1", "Namespace", "namespaces", Namespaced: false);
}
