using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;
using k8s.Models;

namespace ClusterTrail.Trails.Manifests;

/// <summary>One agent on each control-plane node.</summary>
static class AgentDaemonSet
{
    public const string ConfigHash = "clustertrail.io/config-hash";
    public const string ReferencesHash = "clustertrail.io/references-hash";

    static readonly ResourceType Type = ResourceType.Of<V1DaemonSet>();

    public static JsonResource Build(Trail trail, AgentFiles files, AgentInputs inputs) => AgentObject.Of(Type, new()
    {
        ["metadata"] = AgentObject.Metadata(trail, inputs, new AgentNames(trail.Metadata.Name).DaemonSet),
        ["spec"] = new JsonObject
        {
            ["selector"] = AgentObject.Selecting(trail),
            ["updateStrategy"] = new JsonObject
            {
                ["type"] = "RollingUpdate",
                ["rollingUpdate"] = new JsonObject { ["maxUnavailable"] = 1 },
            },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = Labels(trail), ["annotations"] = Annotations(trail, files, inputs) },
                ["spec"] = AgentPod.Build(trail, files, inputs),
            },
        },
    });

    // The operator's own labels come last: without them the pods would not be found.
    static JsonObject Labels(Trail trail) => Joined(trail.Spec.Agent.PodLabels, AgentLabels.OfPods(trail.Metadata.Name));

    // What an agent reads only when it starts: another hash is another pod. A Trail that is stopped or deleted keeps its pods.
    static JsonObject Annotations(Trail trail, AgentFiles files, AgentInputs inputs)
    {
        var hashes = new Dictionary<string, string> { [ConfigHash] = files.StartHash };
        if (inputs.ReferencesHash is not null)
            hashes[ReferencesHash] = inputs.ReferencesHash;
        return Joined(trail.Spec.Agent.PodAnnotations, hashes);
    }

    static JsonObject Joined(IReadOnlyDictionary<string, string>? theirs, IReadOnlyDictionary<string, string> ours)
    {
        var joined = new JsonObject();
        foreach (var (name, value) in (theirs ?? new Dictionary<string, string>()).Concat(ours))
            joined[name] = value;
        return joined;
    }
}
