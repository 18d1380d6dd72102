namespace ClusterTrail.Kubernetes;

/// <summary>Tells an object from others of its type. Cluster-scoped objects have no namespace.</summary>
public readonly record struct ObjectKey(string? Namespace, string Name)
{
    public override string ToString() => Namespace is null ? Name : $"{Namespace}/{Name}";
}
