namespace ClusterTrail.Kubernetes;

public sealed record NodeSpec(bool? Unschedulable = null, IReadOnlyList<Taint>? Taints = null);
