namespace ClusterTrail.Kubernetes;

public sealed record CustomResourceDefinition : Resource, IResource<CustomResourceDefinition>
{
    public static ResourceType Definition { get; } =
        new("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", Namespaced: false);

    public CustomResourceDefinitionStatus? Status { get; init; }

    /// <summary>Whether the API server serves its kind.</summary>
    public bool IsEstablished() => Status?.Conditions?.Any(condition => condition is { Type: "Established", Status: "True" }) == true;
}
