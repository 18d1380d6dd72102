namespace ClusterTrail.Kubernetes;

public sealed record ConfigMap : Resource, IResource<ConfigMap>
{
    public static ResourceType Definition { get; } = new("", "v1", "ConfigMap", "configmaps");

    public IReadOnlyDictionary<string, string>? Data { get; init; }
}
