using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Contract.Yaml;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails;

namespace ClusterTrail.Kubectl.Render;

/// <summary>Takes Trails, TrailSelectors, Namespaces and ConfigMaps out of files, and passes over other kinds.</summary>
sealed class InputReader(Problems problems)
{
    const string Group = "clustertrail.io";

    readonly Dictionary<string, Trail> trails = [];
    readonly Dictionary<string, TrailSelector> selectors = [];
    readonly Dictionary<string, IReadOnlyDictionary<string, string>> namespaces = [];

    readonly List<ConfigMap> configMaps = [];

    internal RenderInput Read => new([.. trails.Values], [.. selectors.Values], namespaces, configMaps);

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
            Refuse(file, "a document has no apiVersion and kind, so it is no object of Kubernetes");
        else if (kind.EndsWith("List", StringComparison.Ordinal) && json["items"] is JsonArray items)
            items.OfType<JsonNode>().ToList().ForEach(item => Add(file, item));
        else if (kind == "Namespace" && apiVersion == "v1")
            AddNamespace(file, json);
        else if (kind == "ConfigMap" && apiVersion == "v1")
            AddConfigMap(file, json);
        else if (apiVersion == Trail.Definition.ApiVersion && kind == Trail.Definition.Kind)
            Keep(file, Parse<Trail>(file, json), trails);
        else if (apiVersion == TrailSelector.Definition.ApiVersion && kind == TrailSelector.Definition.Kind)
            Keep(file, Parse<TrailSelector>(file, json), selectors);
        else if (apiVersion.StartsWith($"{Group}/", StringComparison.Ordinal))
            Refuse(file, $"{kind} of {apiVersion} is not known; allowed: Trail and TrailSelector of {Trail.Definition.ApiVersion}");
    }

    void AddNamespace(string file, JsonObject json)
    {
        if (Deserialize<ObjectMeta>(file, "Namespace", json["metadata"]) is { } metadata)
            namespaces[metadata.Name] = new Dictionary<string, string>(metadata.Labels ?? new Dictionary<string, string>()) { ["kubernetes.io/metadata.name"] = metadata.Name };
    }

    void AddConfigMap(string file, JsonObject json)
    {
        if (Deserialize<ConfigMap>(file, "ConfigMap", json) is { } map)
            configMaps.Add(map);
    }

    T? Parse<T>(string file, JsonObject json) where T : Resource, IResource<T>
    {
        var of = $"{T.Definition.Kind} {TextOf(json["metadata"] as JsonObject, "name") ?? "without a name"}";
        if (T.Definition.Namespaced && TextOf(json["metadata"] as JsonObject, "namespace") is null)
            Refuse(file, $"{of}: metadata.namespace is missing; allowed: the namespace whose events it is about");
        else if (CustomResourceSchema.Of(T.Definition).Check(json) is { Count: > 0 } found)
            found.ToList().ForEach(problem => Refuse(file, $"{of}: {problem}"));
        else
            return Deserialize<T>(file, of, json);
        return null;
    }

    T? Deserialize<T>(string file, string of, JsonNode? json) where T : class
    {
        try
        {
            return KubernetesJson.Read<T>(JsonSerializer.SerializeToElement(json));
        }
        catch (JsonException e)
        {
            Refuse(file, $"{of}: {e.Path?.Replace("$.", "", StringComparison.Ordinal)} cannot be read: {e.Message}");
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
