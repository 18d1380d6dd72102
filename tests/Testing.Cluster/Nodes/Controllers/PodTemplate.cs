using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace ClusterTrail.Testing.Nodes.Controllers;

/// <summary>Makes pods of the template of a DaemonSet or a StatefulSet.</summary>
static class PodTemplate
{
    /// <summary>Another template is another hash.</summary>
    public static string Hash(Seen daemonSet) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(daemonSet.Spec!["template"]!.ToJsonString())))[..10];

    public static JsonObject Build(Seen daemonSet, string node, string suffix, string kind = "DaemonSet")
    {
        var template = daemonSet.Spec!["template"]!;
        return new()
        {
            ["metadata"] = Metadata(daemonSet, template["metadata"], suffix, kind),
            ["spec"] = Spec(template["spec"]!, node),
        };
    }

    static JsonObject Metadata(Seen daemonSet, JsonNode? template, string suffix, string kind)
    {
        var labels = (JsonObject?)template?["labels"]?.DeepClone() ?? [];
        labels[PodOf.Hash] = Hash(daemonSet);
        labels["pod-template-generation"] = $"{daemonSet.Metadata.Generation}";
        var metadata = new JsonObject
        {
            ["name"] = $"{daemonSet.Metadata.Name}-{suffix}",
            ["generateName"] = $"{daemonSet.Metadata.Name}-",
            ["namespace"] = daemonSet.Metadata.NamespaceProperty,
            ["labels"] = labels,
            ["finalizers"] = new JsonArray(PodOf.Finalizer),
            ["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = "apps/v1",
                ["kind"] = kind,
                ["name"] = daemonSet.Metadata.Name,
                ["uid"] = daemonSet.Uid,
                ["controller"] = true,
                ["blockOwnerDeletion"] = true,
            }),
        };
        if (template?["annotations"] is { } annotations)
            metadata["annotations"] = annotations.DeepClone();
        return metadata;
    }

    // The scheduler may choose only the one node that the pod was made for.
    static JsonObject Spec(JsonNode template, string node)
    {
        var spec = (JsonObject)template.DeepClone();
        spec["tolerations"] = Placement.Tolerations(template);
        var field = new JsonObject { ["key"] = "metadata.name", ["operator"] = "In", ["values"] = new JsonArray(node) };
        spec["affinity"] = new JsonObject
        {
            ["nodeAffinity"] = new JsonObject
            {
                ["requiredDuringSchedulingIgnoredDuringExecution"] = new JsonObject
                {
                    ["nodeSelectorTerms"] = new JsonArray(new JsonObject { ["matchFields"] = new JsonArray(field) }),
                },
            },
        };
        return spec;
    }
}
