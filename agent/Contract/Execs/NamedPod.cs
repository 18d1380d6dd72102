namespace ClusterTrail.Contract.Execs;

/// <summary>A pod that lives, or lived.</summary>
public sealed record NamedPod
{
    public required string Namespace { get; init; }

    public required string Pod { get; init; }

    public required string PodUID { get; init; }
}
