using ClusterTrail.Kubernetes;

namespace ClusterTrail.Testing;

/// <summary>What an API server knows of kinds.</summary>
static class Kinds
{
    static readonly string[] BuiltInGroups =
        ["", "apps", "apiextensions.k8s.io", "batch", "coordination.k8s.io", "events.k8s.io", "networking.k8s.io", "policy", "rbac.authorization.k8s.io"];
    static readonly string[] WithStatus = ["daemonsets", "statefulsets", "pods", "nodes", "customresourcedefinitions"];

    public static bool IsBuiltIn(this ResourceType type) => BuiltInGroups.Contains(type.Group);

    /// <summary>Whether the status is a subresource, written apart. That of every custom resource is taken to be one.</summary>
    public static bool HasStatus(this ResourceType type) => !type.IsBuiltIn() || WithStatus.Contains(type.Plural);
}
