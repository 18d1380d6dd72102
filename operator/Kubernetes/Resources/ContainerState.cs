namespace ClusterTrail.Kubernetes;

/// <summary>At most one of them is there.</summary>
public sealed record ContainerState(ContainerStateReason? Waiting = null, ContainerStateReason? Terminated = null, ContainerRunning? Running = null);
