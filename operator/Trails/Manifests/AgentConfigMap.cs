using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;
using k8s.Models;

namespace ClusterTrail.Trails.Manifests;

/// <summary>The agents' three files.</summary>
static class AgentConfigMap
{
    static readonly ResourceType Type = ResourceType.Of<V1ConfigMap>();

    public static JsonResource Build(Trail trail, AgentFiles files, AgentInputs inputs) => AgentObject.Of(Type, new()
    {
        ["metadata"] = AgentObject.Metadata(trail, inputs, new AgentNames(trail.Metadata.Name).Shared),
        ["data"] = new Dictionary<string, string>
        {
            [AgentPaths.AgentFile] = files.AgentJson,
            [AgentPaths.SelectorsFile] = files.SelectorsJson,
            [AgentPaths.DetectionsFile] = files.DetectionsJson,
        }.ToJson(),
    });
}
