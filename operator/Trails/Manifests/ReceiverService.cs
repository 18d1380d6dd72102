using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Trails.Manifests;

/// <summary>The Service at which API servers reach the one agent that receives their events.</summary>
public static class ReceiverService
{
    internal static ResourceType Type { get; } = ResourceType.Of<V1Service>();

    /// <summary>Its name in the cluster, which is in the agent's certificate.</summary>
    public static string Host(string trail, string @namespace) => $"{new AgentNames(trail).Receiver}.{@namespace}.svc";

    internal static JsonResource Build(Trail trail, CalledPort called, AgentInputs inputs) => AgentObject.Of(Type, new()
    {
        ["metadata"] = AgentObject.Metadata(trail, inputs, new AgentNames(trail.Metadata.Name).Receiver),
        ["spec"] = new JsonObject
        {
            ["selector"] = AgentLabels.Selecting(trail.Metadata.Name, AgentRole.ApiServer).ToJson(),
            // An agent that is not ready as its sink fails receives all the same.
            ["publishNotReadyAddresses"] = true,
            ["ports"] = new JsonArray(new JsonObject
            {
                ["name"] = AgentNames.ReceiverPort,
                ["port"] = called.Port,
                ["targetPort"] = AgentNames.ReceiverPort,
                ["protocol"] = "TCP",
            }),
        },
    });
}
