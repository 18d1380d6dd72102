namespace ClusterTrail.Kubernetes;

/// <summary>A container that runs.</summary>
public sealed record ContainerRunning(DateTimeOffset? StartedAt = null);
