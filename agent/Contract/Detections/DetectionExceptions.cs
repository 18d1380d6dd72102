namespace ClusterTrail.Contract.Detections;

/// <summary>When a rule does not fire. An item may end in *.</summary>
public sealed record DetectionExceptions
{
    /// <summary>Authenticated users, never impersonated ones.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    public IReadOnlyList<string> UserGroups { get; init; } = [];

    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>Images: the object has containers, and all of their images are among these.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];
}
