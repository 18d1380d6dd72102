using System.Text.Json.Nodes;

namespace ClusterTrail.Chart.Tests;

/// <summary>The objects that a chart renders to.</summary>
sealed class Manifests(IReadOnlyList<JsonNode> objects)
{
    public IReadOnlyList<JsonNode> Objects => objects;

    /// <summary>Each as <c>Kind/name</c>, sorted.</summary>
    public IEnumerable<string> Names => objects.Select(NameOf).Order(StringComparer.Ordinal);

    public static Manifests Parse(string yaml) => new(Yaml.Documents(yaml));

    public static string NameOf(JsonNode o) => $"{o["kind"]}/{o["metadata"]!["name"]}";

    /// <summary>The one of this kind and name.</summary>
    public JsonNode this[string name] => objects.Single(o => NameOf(o) == name);

    public bool Has(string name) => objects.Any(o => NameOf(o) == name);

    public IEnumerable<JsonNode> OfKind(string kind) => objects.Where(o => (string?)o["kind"] == kind);
}
