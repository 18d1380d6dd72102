namespace ClusterTrail.Kubernetes;

/// <param name="Reason">Such as <c>CrashLoopBackOff</c> or <c>ImagePullBackOff</c>.</param>
/// <param name="ExitCode">Only of a container that has ended.</param>
public sealed record ContainerStateReason(string? Reason = null, string? Message = null, int? ExitCode = null);
