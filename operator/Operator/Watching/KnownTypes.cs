using ClusterTrail.Kubernetes;

namespace ClusterTrail.Operator.Watching;

/// <summary>Kinds of others, of which there is no model.</summary>
static class KnownTypes
{
    public static ResourceType PodMonitor { get; } = new("monitoring.coreos.com", "v1", "PodMonitor", "podmonitors");
}
