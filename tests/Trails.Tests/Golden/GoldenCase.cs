using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;
using ClusterTrail.Trails.Manifests;

namespace ClusterTrail.Trails.Tests.Golden;

/// <summary>A Trail, with what teams add to it, and what it becomes.</summary>
sealed class GoldenCase(Trail trail, AgentFiles files, AgentInputs inputs, WorkloadFiles? workloads)
{
    /// <summary>The file of a case that has the Trail and its TrailSelectors.</summary>
    public const string Input = "trail.yaml";

    const string Uid = "7d8f1c52-3f0b-4c46-9a9e-0d6f1f1c3b11";

    public static IReadOnlyList<string> Names { get; } =
        ["minimal", "s3-full", "directory-host-path", "directory-claim", "envelope", "otlp", "stopped", "attached", "monitors", "workloads", "webhook",
            "webhook-service", "bucket", "eventhubs", "admission"];

    public IReadOnlyList<JsonResource> Objects { get; } = AgentManifests.Build(trail, files, inputs, workloads);

    /// <summary>The files of agents on all nodes by their name; none if there are no such agents.</summary>
    public IReadOnlyDictionary<string, string> WorkloadFiles { get; } = workloads is null ? new Dictionary<string, string>() :
        new Dictionary<string, string?>
        {
            ["agent.json"] = workloads.AgentJson,
            ["workloads.json"] = workloads.RulesJson,
            ["processes.json"] = workloads.ProcessesJson,
            ["detections.json"] = workloads.DetectionsJson,
        }.Where(file => file.Value is not null).ToDictionary(file => file.Key, file => file.Value!);

    public string AgentJson => Data("agent.json");

    public string SelectorsJson => Data("selectors.json");

    public string DetectionsJson => Data("detections.json");

    public static GoldenCase Load(string name)
    {
        var documents = Documents(name);
        var inputs = Some.Inputs with
        {
            ReferencesHash = name == "envelope" ? "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef" : null,
            PodMonitors = name is "monitors" or "workloads",
        };
        var trail = documents.Single(document => IsKind(document, "Trail")).With("metadata.uid", $"\"{Uid}\"").ToTrail();
        var attached = documents.Where(document => IsKind(document, "TrailSelector")).Select(selector => selector.ToSelector()).ToList();
        var files = AgentFiles.Of(trail, name == "s3-full" ? [Some.RuleFile()] : []);
        var workloads = Trails.Files.WorkloadFiles.Of(
            trail, files, WorkloadsAsked.Of(trail.Spec, Some.Namespaces), [.. attached.Select(WrittenWorkloads.Of)]);
        var sets = attached.Where(selector => selector.Spec.Rules.Count > 0).Select(AgentFiles.RuleSet);
        return new(trail, files.With([.. sets]), inputs, workloads);
    }

    public IReadOnlyDictionary<string, string> Files() =>
        Objects.ToDictionary(one => $"{one.Type.Kind.ToLowerInvariant()}-{one.Key.Name}.yaml", one => ManifestText.Yaml([one]));

    static IReadOnlyList<JsonObject> Documents(string name) => name switch
    {
        "minimal" => [Some.Trail()],
        "s3-full" => [Some.FullTrail()],
        "directory-host-path" => [Some.DirectoryTrail()],
        "attached" => [Some.Trail(), Some.Selector(), Some.Selector().With("metadata.name", "\"more\"")],
        "monitors" => [Some.Trail()],
        "stopped" => [Some.Trail().With("spec.logging", "false")],
        _ => [.. Repository.ReadYaml("tests", "Trails.Tests", "Golden", name, Input).Select(document => document.AsObject())],
    };

    static bool IsKind(JsonObject document, string kind) => (string?)document["kind"] == kind;

    string Data(string file) => (string)Objects.First(one => one.Type.Kind == "ConfigMap").Json["data"]![file]!;
}
