namespace ClusterTrail.Contract.Detections;

/// <summary>Which rules an agent evaluates: the content of <c>detections.json</c>.</summary>
public sealed record DetectionsFile
{
    /// <summary>Built-in packs whose rules are evaluated, apart from those that are not enabled.</summary>
    public IReadOnlyList<string> Packs { get; init; } = [];

    /// <summary>Rules that are evaluated though their pack is not among <see cref="Packs"/> or they are off by default.</summary>
    public IReadOnlyList<string> Enable { get; init; } = [];

    /// <summary>Rules that are not evaluated.</summary>
    public IReadOnlyList<string> Disable { get; init; } = [];

    /// <summary>What is added to the lists of the rules.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Lists { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Rules beside those of the packs.</summary>
    public IReadOnlyList<DetectionRule> Rules { get; init; } = [];
}
