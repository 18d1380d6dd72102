using System.Text.Json.Nodes;

namespace ClusterTrail.Trails.Tests.Schema;

/// <summary>The schemas in <c>crds/</c>.</summary>
static class Crd
{
    public static JsonObject Trail { get; } = Load("trails");

    public static JsonObject TrailSelector { get; } = Load("trailselectors");

    public static JsonObject Property(this JsonObject schema, string name) => schema["properties"]![name]!.AsObject();

    public static JsonObject Items(this JsonObject schema) => schema["items"]!.AsObject();

    public static IEnumerable<string> Required(this JsonObject schema) => schema["required"]?.AsArray().Select(name => (string)name!) ?? [];

    static JsonObject Load(string plural) =>
        Repository.ReadYaml("crds", $"{plural}.clustertrail.io.yaml").Single()["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!
            .AsObject();
}
