using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;

namespace ClusterTrail.Trails;

/// <summary>Tells a Prometheus operator when to alert on the agents themselves.</summary>
static class AgentPrometheusRule
{
    public static ResourceType Type { get; } = new("monitoring.coreos.com", "v1", "PrometheusRule", "prometheusrules");

    public static JsonResource Build(Trail trail, AgentInputs inputs) => AgentObject.Of(Type, new()
    {
        ["metadata"] = AgentObject.Metadata(trail, inputs, new AgentNames(trail.Metadata.Name).Shared),
        ["spec"] = new JsonObject { ["groups"] = new JsonArray(Group(trail)) },
    });

    static JsonObject Group(Trail trail) => new()
    {
        ["name"] = new AgentNames(trail.Metadata.Name).Shared,
        ["rules"] = new JsonArray([.. AgentAlerts.Of(trail).Select(alert => Rule(trail, alert))]),
    };

    static JsonObject Rule(Trail trail, AgentAlert alert) => new()
    {
        ["alert"] = alert.Name,
        ["expr"] = alert.Expression,
        ["for"] = alert.For,
        ["labels"] = new JsonObject { ["severity"] = alert.Severity, [AgentAlerts.TrailLabel] = trail.Metadata.Name },
        ["annotations"] = new JsonObject { ["summary"] = alert.Summary, ["description"] = alert.Description },
    };
}
