using System.Text.Json.Nodes;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Trails.Manifests;

/// <summary>What each of the agents' pods is made from.</summary>
static class AgentTemplate
{
    public const string ConfigHash = "clustertrail.io/config-hash";
    public const string ReferencesHash = "clustertrail.io/references-hash";

    public static JsonObject Build(Trail trail, RoleFiles role, AgentInputs inputs) => new()
    {
        ["metadata"] = new JsonObject { ["labels"] = Labels(trail, role), ["annotations"] = Annotations(role, inputs) },
        ["spec"] = AgentPod.Build(trail, role, inputs),
    };

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
