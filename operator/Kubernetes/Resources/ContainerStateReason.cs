namespace ClusterTrail.Kubernetes;

/// <param name="Reason">Such as <c>CrashLoopBackOff</c>, <c>ImagePullBackOff</c> or <c>OOMKilled</c>.</param>
/// <param name="ExitCode">Only of a container that has ended, as is <paramref name="FinishedAt"/>.</param>
public sealed record ContainerStateReason(string? Reason = null, string? Message = null, int? ExitCode = null, DateTimeOffset? FinishedAt = null);
