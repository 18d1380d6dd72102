using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Trails.Manifests;

/// <summary>The agents of a role: one on each of its nodes.</summary>
static class AgentDaemonSet
{
    public const string ConfigHash = "clustertrail.io/config-hash";
    public const string ReferencesHash = "clustertrail.io/references-hash";

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
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = Labels(trail, role), ["annotations"] = Annotations(role, inputs) },
                ["spec"] = AgentPod.Build(trail, role, inputs),
            },
        },
    });

    // The operator's own labels come last: without them the pods would not be found.
    static JsonObject Labels(Trail trail, RoleFiles role) =>
        Joined(role.Agent.PodLabels, AgentLabels.OfPods(trail.Metadata.Name, role.Role));

    // What an agent reads only when it starts: another hash is another pod. A Trail that is stopped or deleted keeps its pods.
    static JsonObject Annotations(RoleFiles role, AgentInputs inputs)
    {
        var hashes = new Dictionary<string, string> { [ConfigHash] = role.StartHash };
        if (inputs.ReferencesHash is not null)
            hashes[ReferencesHash] = inputs.ReferencesHash;
        return Joined(role.Agent.PodAnnotations, hashes);
    }

    static JsonObject Joined(IReadOnlyDictionary<string, string>? theirs, IReadOnlyDictionary<string, string> ours)
    {
        var joined = new JsonObject();
        foreach (var (name, value) in (theirs ?? new Dictionary<string, string>()).Concat(ours))
            joined[name] = value;
        return joined;
    }
}
