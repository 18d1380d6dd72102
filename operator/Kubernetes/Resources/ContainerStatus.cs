namespace ClusterTrail.Kubernetes;

/// <param name="LastState">How the process before this one ended; nothing for the first.</param>
public sealed record ContainerStatus(
    string Name, bool Ready = false, int RestartCount = 0, string? Image = null, ContainerState? State = null, ContainerState? LastState = null);
