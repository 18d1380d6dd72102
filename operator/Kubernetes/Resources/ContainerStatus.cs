namespace ClusterTrail.Kubernetes;

public sealed record ContainerStatus(string Name, bool Ready = false, int RestartCount = 0, string? Image = null, ContainerState? State = null);
