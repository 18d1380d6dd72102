using ClusterTrail.Kubernetes;
using ClusterTrail.Trails;
using k8s;
using k8s.Models;

namespace ClusterTrail.Operator.Watching;

/// <summary>How the operator's objects, and the agents' pods, are told from others.</summary>
static class Labels
{
    /// <summary>A label selector: they all name their Trail.</summary>
    public const string OurSelector = AgentLabels.Trail;

    /// <summary>The Trail that an object was made for.</summary>
    public static string? TrailOf(IKubernetesObject<V1ObjectMeta> resource) => resource.LabelMap.GetValueOrDefault(AgentLabels.Trail);
}
