using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Contract.Yaml;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Kubectl.Input;

/// <summary>Reads Trails, TrailSelectors, Namespaces and ConfigMaps from files, and skips other kinds.</summary>
sealed class InputReader(ProblemLog problems)
{
    const string Group = "clustertrail.io";

    readonly Dictionary<string, Trail> trails = [];
    readonly Dictionary<string, TrailSelector> selectors = [];
    readonly Dictionary<string, IReadOnlyDictionary<string, string>> namespaces = [];

    readonly List<V1ConfigMap> configMaps = [];

    internal TrailInput Read => new([.. trails.Values], [.. selectors.Values], namespaces, configMaps);

    internal void Add(string file, string text)
    {
        try
        {
            foreach (var document in YamlText.Read(text))
                Add(file, document);
        }
        catch (FormatException e)
        {
            Refuse(file, $"not YAML, {e.Message}");
        }
    }

    void Add(string file, JsonNode document)
    {
        if (document is not JsonObject json || TextOf(json, "kind") is not { } kind || TextOf(json, "apiVersion") is not { } apiVersion)
            Refuse(file, "a document has no apiVersion and kind, so it is not a Kubernetes object");
        else if (kind.EndsWith("List", StringComparison.Ordinal) && json["items"] is JsonArray items)
            items.OfType<JsonNode>().ToList().ForEach(item => Add(file, item));
        else if (kind == "Namespace" && apiVersion == "v1")
            AddNamespace(file, json);
        else if (kind == "ConfigMap" && apiVersion == "v1")
            AddConfigMap(file, json);
        else if (apiVersion == ResourceType.Of<Trail>().ApiVersion && kind == ResourceType.Of<Trail>().Kind)
            Keep(file, Parse<Trail>(file, json), trails);
        else if (apiVersion == ResourceType.Of<TrailSelector>().ApiVersion && kind == ResourceType.Of<TrailSelector>().Kind)
            Keep(file, Parse<TrailSelector>(file, json), selectors);
        else if (apiVersion.StartsWith($"{Group}/", StringComparison.Ordinal))
            Refuse(file, $"{kind} of {apiVersion} is not known; allowed: Trail and TrailSelector of {ResourceType.Of<Trail>().ApiVersion}");
    }

    void AddNamespace(string file, JsonObject json)
    {
        if (Deserialize<V1Namespace>(file, "Namespace", json) is { } read)
            namespaces[read.Metadata.Name] = new Dictionary<string, string>(read.LabelMap)
            {
                ["kubernetes.io/metadata.name"] = read.Metadata.Name,
            };
    }

    void AddConfigMap(string file, JsonObject json)
    {
        if (Deserialize<V1ConfigMap>(file, "ConfigMap", json) is { } map)
            configMaps.Add(map);
    }

    T? Parse<T>(string file, JsonObject json) where T : Resource
    {
        var of = $"{ResourceType.Of<T>().Kind} {TextOf(json["metadata"] as JsonObject, "name") ?? "without a name"}";
        if (ResourceType.Of<T>().Namespaced && TextOf(json["metadata"] as JsonObject, "namespace") is null)
            Refuse(file, $"{of}: metadata.namespace is missing; allowed: the namespace whose events it is about");
        else if (CustomResourceSchema.Of(ResourceType.Of<T>()).Check(json) is { Count: > 0 } found)
            found.ToList().ForEach(problem => Refuse(file, $"{of}: {problem}"));
        else
            return Deserialize<T>(file, of, json);
        return null;
    }

    T? Deserialize<T>(string file, string of, JsonObject json) where T : class, k8s.IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            return KubernetesJson.ReadResource<T>(JsonSerializer.SerializeToElement(json));
        }
        catch (JsonException e)
        {
            var where = e.Path?.Replace("$.", "", StringComparison.Ordinal) is { Length: > 0 } path ? $"{path} " : "";
            Refuse(file, $"{of}: {where}cannot be read: {e.Message}");
            return null;
        }
    }

    void Keep<T>(string file, T? resource, Dictionary<string, T> kept) where T : Resource
    {
        if (resource is not null && !kept.TryAdd($"{resource.Key}", resource))
            Refuse(file, $"{resource} is given twice");
    }

    void Refuse(string file, string what) => problems.Report(ExitCode.BadUsage, $"{file}: {what}");

    static string? TextOf(JsonObject? json, string field) =>
        json?[field] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;
}
