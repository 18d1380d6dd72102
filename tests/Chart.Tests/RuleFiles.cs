using System.Text.Json.Nodes;

namespace ClusterTrail.Chart.Tests;

/// <summary>The rules for Prometheus, and their tests beside them.</summary>
static class RuleFiles
{
    public static IReadOnlyList<string> Paths => FilesOf(Repository.PathOf("rules"));

    public static IReadOnlyList<string> TestPaths => FilesOf(Repository.PathOf("rules", "tests"));

    /// <summary>Every alert of every file.</summary>
    public static IReadOnlyList<JsonNode> Alerts => [.. Paths.SelectMany(Rules).Where(rule => rule["alert"] is not null)];

    /// <summary>Every rule of a file: alerts, and what is computed for them.</summary>
    public static IEnumerable<JsonNode> Rules(string path) =>
        Read(path)["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).OfType<JsonNode>();

    public static JsonNode Read(string path) => Yaml.Documents(File.ReadAllText(path)).Single();

    static IReadOnlyList<string> FilesOf(string folder) => [.. Directory.GetFiles(folder, "*.yaml").Order(StringComparer.Ordinal)];
}
