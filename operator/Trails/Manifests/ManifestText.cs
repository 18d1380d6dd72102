using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Contract.Yaml;
using ClusterTrail.Kubernetes;

namespace ClusterTrail.Trails.Manifests;

/// <summary>Objects as text that <c>kubectl apply -f</c> takes.</summary>
public static class ManifestText
{
    static readonly JsonSerializerOptions Indented = new(KubernetesJson.Options) { WriteIndented = true };

    public static string Yaml(IEnumerable<JsonResource> resources) => YamlWriter.Write(resources.Select(Whole));

    public static string Json(IEnumerable<JsonResource> resources) => new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "List",
        ["items"] = new JsonArray([.. resources.Select(Whole)]),
    }.ToJsonString(Indented) + "\n";

    static JsonObject Whole(JsonResource resource)
    {
        var whole = new JsonObject { ["apiVersion"] = resource.Type.ApiVersion, ["kind"] = resource.Type.Kind };
        foreach (var (name, value) in resource.Json)
            whole[name] = value?.DeepClone();
        return whole;
    }
}
