using ClusterTrail.Kubernetes;

namespace ClusterTrail.Operator.Watching;

/// <summary>Kinds of which only the metadata is looked at.</summary>
static class KnownTypes
{
    public static ResourceType Namespace { get; } = new("", "v1", "Namespace", "namespaces", Namespaced: false);

    public static ResourceType ServiceAccount { get; } = new("", "v1", "ServiceAccount", "serviceaccounts");

    public static ResourceType NetworkPolicy { get; } = new("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies");

    public static ResourceType CustomResourceDefinition { get; } = new("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", Namespaced: false);

    public static ResourceType PodMonitor { get; } = new("monitoring.coreos.com", "v1", "PodMonitor", "podmonitors");
}
