namespace ClusterTrail.Trails.Api;

/// <summary>Which rules the agents evaluate.</summary>
public sealed record TrailDetections
{
    public IReadOnlyList<string> Packs { get; init; } = ["baseline"];

    public IReadOnlyList<string> Enable { get; init; } = [];

    public IReadOnlyList<string> Disable { get; init; } = [];

    /// <summary>What is added to lists of the rules.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Lists { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    public IReadOnlyList<RuleFileReference> RuleFiles { get; init; } = [];
}

/// <summary>Rules and lists in YAML, in a ConfigMap.</summary>
public sealed record RuleFileReference
{
    public required string ConfigMapName { get; init; }

    public string Key { get; init; } = "rules.yaml";
}
