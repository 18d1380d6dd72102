using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ClusterTrail.Contract.Yaml;
using ClusterTrail.Kubernetes;

namespace ClusterTrail.Kubectl.Input;

/// <summary>The schema by which an API server would take or refuse a custom resource.</summary>
sealed class CustomResourceSchema(JsonObject schema)
{
    static readonly string[] OfEveryObject = ["apiVersion", "kind", "metadata"];
    static readonly ConcurrentDictionary<ResourceType, CustomResourceSchema> Known = [];

    internal static CustomResourceSchema Of(ResourceType type) => Known.GetOrAdd(type, Load);

    /// <summary>
    /// What is wrong with it, a sentence each. Afterwards it has no nulls and no status, as in an API server that creates it.
    /// </summary>
    internal IReadOnlyList<string> Check(JsonObject resource)
    {
        var properties = schema["properties"]!.AsObject();
        resource.Remove("status");
        RemoveNulls(resource["spec"]);
        var check = new SchemaCheck();
        foreach (var (name, value) in resource.Where(member => !OfEveryObject.Contains(member.Key)))
            check.CheckMember(value, name, properties, name);
        if (resource["metadata"]?["name"] is null)
            check.Missing("metadata.name", "a name");
        check.CheckRequired(resource, schema, "");
        return check.Found;
    }

    static CustomResourceSchema Load(ResourceType type)
    {
        using var crd = typeof(CustomResourceSchema).Assembly.GetManifestResourceStream($"{type.Plural}.{type.Group}.yaml")!;
        using var text = new StreamReader(crd);
        var versions = YamlText.Read(text.ReadToEnd())[0]["spec"]!["versions"]!.AsArray();
        var version = versions.Single(version => (string?)version!["name"] == type.Version)!;
        return new(version["schema"]!["openAPIV3Schema"]!.AsObject());
    }

    // An API server leaves out a null of a field that is not nullable, and none of ours is.
    static void RemoveNulls(JsonNode? node)
    {
        if (node is JsonObject members)
            members.Where(member => member.Value is null).Select(member => member.Key).ToList().ForEach(name => members.Remove(name));
        foreach (var child in node switch { JsonObject json => json.Select(member => member.Value), JsonArray items => items, _ => [] })
            RemoveNulls(child);
    }
}
