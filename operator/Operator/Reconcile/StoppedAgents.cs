using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Files;
using k8s.Models;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>Makes agents stop reading, by the one field that they reload while they run.</summary>
/// <remarks>
/// Guarantee: nothing else of their configuration changes, so no agent is replaced, and it makes no difference whether the Trail's spec, or
/// what it names, is still valid.
/// </remarks>
static class StoppedAgents
{
    const string Logging = "logging";

    /// <summary>The agents' ConfigMap with logging off; null if it cannot be read, so that there is nothing to keep.</summary>
    public static JsonResource? ConfigMap(V1ConfigMap live)
    {
        if (live.Data is not { } data || !data.TryGetValue(AgentFiles.AgentFile, out var running) || Off(running) is not { } agent)
            return null;
        var files = new JsonObject();
        foreach (var (name, content) in data)
            files[name] = name == AgentFiles.AgentFile ? agent : content;
        return new(ResourceType.Of<V1ConfigMap>(), new()
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = live.Metadata.Name,
                ["namespace"] = live.Metadata.NamespaceProperty,
                ["labels"] = JsonSerializer.SerializeToNode(live.Metadata.Labels, KubernetesJson.Options),
                ["ownerReferences"] = JsonSerializer.SerializeToNode(live.Metadata.OwnerReferences, KubernetesJson.Options),
            },
            ["data"] = files,
        });
    }

    static string? Off(string? agentJson)
    {
        try
        {
            if (agentJson is null || JsonNode.Parse(agentJson) is not JsonObject agent)
                return null;
            agent[Logging] = false;
            return agent.ToJsonString(new(KubernetesJson.Options) { WriteIndented = true }) + "\n";
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
