using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Trails.Manifests;

/// <summary>Makes a Prometheus operator scrape the agents, with the labels node and trail.</summary>
public static class AgentPodMonitor
{
    const string TrailLabel = "trail";
    const string NodeLabel = "node";

    /// <summary>A kind of the Prometheus operator, which the library has no model of.</summary>
    public static ResourceType Type { get; } = new("monitoring.coreos.com", "v1", "PodMonitor", "podmonitors");

    internal static JsonResource Build(Trail trail, AgentInputs inputs) => AgentObject.Of(Type, new()
    {
        ["metadata"] = AgentObject.Metadata(trail, inputs, new AgentNames(trail.Metadata.Name).Shared),
        ["spec"] = new JsonObject
        {
            ["selector"] = AgentObject.Selecting(trail),
            ["podMetricsEndpoints"] = new JsonArray(new JsonObject
            {
                ["port"] = AgentNames.TelemetryPort,
                ["path"] = "/metrics",
                // Some of an agent's metrics say themselves which Trail they are of, and are to keep the label's name.
                ["honorLabels"] = true,
                ["relabelings"] = new JsonArray(
                    Label("__meta_kubernetes_pod_label_clustertrail_io_trail", TrailLabel),
                    Label("__meta_kubernetes_pod_node_name", NodeLabel)),
            }),
        },
    });

    static JsonObject Label(string source, string target) => new() { ["sourceLabels"] = new JsonArray(source), ["targetLabel"] = target };
}
