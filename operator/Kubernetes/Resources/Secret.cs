namespace ClusterTrail.Kubernetes;

public sealed record Secret : Resource, IResource<Secret>
{
    public static ResourceType Definition { get; } = new("", "v1", "Secret", "secrets");

    public string? Type { get; init; }

    /// <summary>The values, decoded from the base64 that stands in JSON.</summary>
    public IReadOnlyDictionary<string, byte[]>? Data { get; init; }
}
