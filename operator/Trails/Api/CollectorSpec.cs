namespace ClusterTrail.Trails.Api;

/// <summary>The volume of the one agent of a Trail whose API servers no agent is beside.</summary>
public sealed record CollectorSpec
{
    /// <summary>The size of the volume, as a quantity of Kubernetes.</summary>
    public string Storage { get; init; } = "10Gi";

    public string? StorageClassName { get; init; }
}
