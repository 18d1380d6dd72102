namespace ClusterTrail.Kubernetes;

/// <summary>Identifies an object among those of its type. Cluster-scoped objects have no namespace.</summary>
public readonly record struct ObjectKey(string? Namespace, string Name)
{
    public override string ToString() => Namespace is null ? Name : $"{Namespace}/{Name}";
}
