namespace ClusterTrail.Contract.Execs;

/// <summary>What the kubelet itself executes in a pod's containers: probes, and hooks of their lifecycle.</summary>
public sealed record PodCommands
{
    public required string PodUID { get; init; }

    public required IReadOnlyList<ContainerCommand> Commands { get; init; }
}
