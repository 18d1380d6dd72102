using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Trails.Manifests;

/// <summary>The agents of a role: one on each of its nodes.</summary>
static class AgentDaemonSet
{
    static readonly ResourceType Type = ResourceType.Of<V1DaemonSet>();

    // One control-plane node after the other; of thousands of nodes, that would take a day.
    static JsonNode Unavailable(AgentRole role) => role == AgentRole.ApiServer ? 1 : "10%";

    public static JsonResource Build(Trail trail, RoleFiles role, AgentInputs inputs) => AgentObject.Of(Type, new()
    {
        ["metadata"] = AgentObject.Metadata(trail, inputs, role.DaemonSet(trail), role: role.Role),
        ["spec"] = new JsonObject
        {
            ["selector"] = AgentObject.Selecting(trail, role.Role),
            ["updateStrategy"] = new JsonObject
            {
                ["type"] = "RollingUpdate",
                ["rollingUpdate"] = new JsonObject { ["maxUnavailable"] = Unavailable(role.Role) },
            },
            ["template"] = AgentTemplate.Build(trail, role, inputs),
        },
    });
}
