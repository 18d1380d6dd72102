namespace ClusterTrail.Kubernetes;

/// <param name="Phase"><c>Pending</c>, <c>Running</c>, <c>Succeeded</c>, <c>Failed</c> or <c>Unknown</c>.</param>
public sealed record PodStatus(
    string? Phase = null, string? Reason = null, string? Message = null, string? PodIP = null,
    IReadOnlyList<Condition>? Conditions = null, IReadOnlyList<ContainerStatus>? ContainerStatuses = null);
