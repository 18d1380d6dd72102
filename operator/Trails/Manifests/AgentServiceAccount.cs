using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Trails.Manifests;

/// <summary>The identity of the agents. It has no Kubernetes permissions; to a cloud, it is what the annotations name.</summary>
static class AgentServiceAccount
{
    public static JsonResource Build(Trail trail, AgentInputs inputs) => AgentObject.Of(ResourceType.Of<V1ServiceAccount>(), new()
    {
        ["metadata"] = AgentObject.Metadata(
            trail, inputs, new AgentNames(trail.Metadata.Name).Shared, trail.Spec.Agent.ServiceAccountAnnotations),
        // A cloud's webhook projects its own web identity token, which this does not prevent.
        ["automountServiceAccountToken"] = false,
    });
}
