namespace ClusterTrail.Contract.Detections;

/// <summary>Rules and lists, as people write them in YAML.</summary>
public sealed record RuleFile
{
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Lists { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    public IReadOnlyList<DetectionRule> Rules { get; init; } = [];
}
