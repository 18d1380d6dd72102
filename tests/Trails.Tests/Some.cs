using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;
using ClusterTrail.Trails.Manifests;

namespace ClusterTrail.Trails.Tests;

/// <summary>Trails that are right, as JSON to make wrong.</summary>
static class Some
{
    // A field that the records do not have would go by unseen.
    static readonly JsonSerializerOptions Strict = new(KubernetesJson.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public static AgentInputs Inputs { get; } = new()
    {
        Namespace = "clustertrail-system",
        Image = "clustertrail-agent:1.2.3",
        Version = "1.2.3",
    };

    public static IReadOnlyList<NamespaceLabels> Namespaces { get; } =
    [
        new("payments", new Dictionary<string, string>()), new("team-a", new Dictionary<string, string>()),
        new("audited", new Dictionary<string, string> { ["audited"] = "yes" }),
    ];

    /// <summary>The least that a Trail must say.</summary>
    public static JsonObject Trail() => Sample("trail-minimal.yaml");

    /// <summary>A Trail that says all that it can about S3.</summary>
    public static JsonObject FullTrail() => Sample("trail-s3-full.yaml");

    public static JsonObject BucketTrail() => Sample("trail-bucket.yaml");

    public static JsonObject HubTrail() => Sample("trail-eventhubs.yaml");

    public static JsonObject DirectoryTrail() => Sample("trail-directory.yaml");

    public static JsonObject Selector() => Sample("trailselector.yaml");

    /// <summary>The rule file that the full Trail names.</summary>
    public static TrailRuleFile RuleFile() => Parsed(RuleFileText());

    public static string RuleFileText() => (string)Sample("detection-rules.yaml")["data"]!["rules.yaml"]!;

    public static TrailRuleFile Parsed(string yaml) => TrailRuleFile.Parse("clustertrail-system/payments-rules", "rules.yaml", yaml);

    public static Trail ToTrail(this JsonObject json) => Parse<Trail>(json);

    public static TrailSelector ToSelector(this JsonObject json) => Parse<TrailSelector>(json);

    /// <summary>Puts a value at a path such as <c>spec.selectors[0].users</c>, and makes the objects on the way.</summary>
    public static JsonObject With(this JsonObject file, string path, string json)
    {
        var steps = path.Replace("[", ".[", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries);
        JsonNode parent = file;
        foreach (var step in steps[..^1])
            parent = Child(parent, step);

        if (parent is JsonArray list)
            list[Index(steps[^1])] = JsonNode.Parse(json);
        else
            parent[steps[^1]] = JsonNode.Parse(json);

        return file;
    }

    static T Parse<T>(JsonObject json) where T : Resource
    {
        var copy = json.DeepClone().AsObject();
        copy.Remove("apiVersion");
        copy.Remove("kind");
        return copy.Deserialize<T>(Strict)!;
    }

    static JsonObject Sample(string name) => Repository.ReadYaml("docs", "samples", name).Single().AsObject();

    static JsonNode Child(JsonNode parent, string step) =>
        parent is JsonArray list ? list[Index(step)]! : parent[step] ?? (parent[step] = new JsonObject());

    static int Index(string step) => int.Parse(step.Trim('[', ']'), null);
}
