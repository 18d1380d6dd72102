using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Trails.Manifests;

/// <summary>The one agent that reads for all API servers, with its volume.</summary>
/// <remarks>
/// Kubernetes never runs two pods of the same name, and the volume is one node's: docs/decisions/0041. The volume outlives the Trail, as
/// what nodes hold does.
/// </remarks>
static class AgentStatefulSet
{
    /// <summary>The volume, and the name of its claim up to a hyphen and that of the pod.</summary>
    public const string Volume = "state";

    static readonly ResourceType Type = ResourceType.Of<V1StatefulSet>();

    public static JsonResource Build(Trail trail, RoleFiles role, AgentInputs inputs)
    {
        var names = new AgentNames(trail.Metadata.Name);
        return AgentObject.Of(Type, new()
        {
            ["metadata"] = AgentObject.Metadata(trail, inputs, names.StatefulSet, role: role.Role),
            ["spec"] = new JsonObject
            {
                ["replicas"] = 1,
                // Otherwise a pod that never became ready, as of a wrong image, would not be replaced when that is mended.
                ["podManagementPolicy"] = "Parallel",
                ["serviceName"] = names.Receiver,
                ["selector"] = AgentObject.Selecting(trail, role.Role),
                ["template"] = AgentTemplate.Build(trail, role, inputs),
                ["volumeClaimTemplates"] = new JsonArray(Claim(trail)),
            },
        });
    }

    static JsonObject Claim(Trail trail) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = Volume, ["labels"] = AgentLabels.Of(trail.Metadata.Name).ToJson() },
        ["spec"] = new JsonObject
        {
            ["accessModes"] = new JsonArray("ReadWriteOnce"),
            ["storageClassName"] = trail.Spec.Collector.StorageClassName,
            ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = trail.Spec.Collector.Storage } },
        },
    };
}
