using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Trails.Manifests;

/// <summary>What all objects of a Trail's agents have in common.</summary>
static class AgentObject
{
    public static JsonObject Metadata(
        Trail trail, AgentInputs inputs, string name, IReadOnlyDictionary<string, string>? annotations = null,
        AgentRole role = AgentRole.ApiServer) =>
        new()
        {
            ["name"] = name,
            ["namespace"] = inputs.Namespace,
            ["labels"] = Labels(trail, inputs, role).ToJson(),
            ["annotations"] = annotations is { Count: > 0 } ? annotations.ToJson() : null,
            ["ownerReferences"] = Owner(trail),
        };

    /// <summary>An object without nulls and without empty lists.</summary>
    public static JsonResource Of(ResourceType type, JsonObject json) => new(type, WithoutEmptyValues(json));

    /// <summary>Selects the pods of a role; by default of both.</summary>
    public static JsonObject Selecting(Trail trail, AgentRole? role = null)
    {
        var name = trail.Metadata.Name;
        return new() { ["matchLabels"] = (role is { } one ? AgentLabels.Selecting(name, one) : AgentLabels.SelectingAll(name)).ToJson() };
    }

    static Dictionary<string, string> Labels(Trail trail, AgentInputs inputs, AgentRole role)
    {
        var labels = new Dictionary<string, string>(AgentLabels.Of(trail.Metadata.Name, role));
        if (inputs.Version is not null)
            labels[AgentLabels.Version] = inputs.Version;
        return labels;
    }

    /// <summary>Names the Trail as the owner.</summary>
    public static V1OwnerReference OwnerReference(Trail trail) => new()
    {
        ApiVersion = ResourceType.Of<Trail>().ApiVersion,
        Kind = ResourceType.Of<Trail>().Kind,
        Name = trail.Metadata.Name,
        Uid = trail.Metadata.Uid,
        Controller = true,
        BlockOwnerDeletion = true,
    };

    // A Trail from a file does not have a uid, and so owns nothing.
    static JsonArray? Owner(Trail trail) =>
        trail.Metadata.Uid is not { } uid ? null : [new JsonObject
        {
            ["apiVersion"] = ResourceType.Of<Trail>().ApiVersion,
            ["kind"] = ResourceType.Of<Trail>().Kind,
            ["name"] = trail.Metadata.Name,
            ["uid"] = uid,
            ["controller"] = true,
            ["blockOwnerDeletion"] = true,
        }];

    static JsonObject WithoutEmptyValues(JsonObject json) => new(
        from member in json
        let value = WithoutEmptyValues(member.Value)
        where value is not (null or JsonArray { Count: 0 })
        select KeyValuePair.Create(member.Key, (JsonNode?)value));

    static JsonNode? WithoutEmptyValues(JsonNode? node) => node switch
    {
        JsonObject members => WithoutEmptyValues(members),
        JsonArray items => new JsonArray([.. items.Select(WithoutEmptyValues)]),
        _ => node?.DeepClone(),
    };
}
