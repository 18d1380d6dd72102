using System.Text.Json.Nodes;
using ClusterTrail.Contract.Yaml;

namespace ClusterTrail.Trails.Tests;

/// <summary>The source tree that the tests were built from.</summary>
static class Repository
{
    public static string PathOf(params string[] parts)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Operator.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The repository's root is not above the tests.");
        return Path.Combine([folder.FullName, .. parts]);
    }

    public static IReadOnlyList<JsonNode> ReadYaml(params string[] parts) => YamlText.Read(File.ReadAllText(PathOf(parts)));
}
