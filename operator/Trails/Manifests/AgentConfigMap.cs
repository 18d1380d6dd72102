using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Trails.Manifests;

/// <summary>The files of the agents of a role.</summary>
static class AgentConfigMap
{
    static readonly ResourceType Type = ResourceType.Of<V1ConfigMap>();

    public static JsonResource Build(Trail trail, RoleFiles role, AgentInputs inputs) => AgentObject.Of(Type, new()
    {
        ["metadata"] = AgentObject.Metadata(trail, inputs, role.ConfigMap(trail), role: role.Role),
        ["data"] = role.Files.ToJson(),
    });
}
