using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Trails.Manifests;

/// <summary>Who the agents are. Nobody to the Kubernetes API; to a cloud, whom the annotations name.</summary>
static class AgentServiceAccount
{
    public static JsonResource Build(Trail trail, AgentInputs inputs) => AgentObject.Of(ResourceType.Of<V1ServiceAccount>(), new()
    {
        ["metadata"] = AgentObject.Metadata(trail, inputs, new AgentNames(trail.Metadata.Name).Shared, trail.Spec.Agent.ServiceAccountAnnotations),
        // A cloud's webhook projects its own web identity token, which this does not prevent.
        ["automountServiceAccountToken"] = false,
    });
}
