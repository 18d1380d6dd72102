using ClusterTrail.Kubernetes;

namespace ClusterTrail.Testing.Nodes;

/// <summary>Kinds that the product has no record of.</summary>
static class OtherKinds
{
    public static ResourceType Namespace { get; } = new("", "v1", "Namespace", "namespaces", Namespaced: false);
}
