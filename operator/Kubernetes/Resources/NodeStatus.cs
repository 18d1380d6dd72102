namespace ClusterTrail.Kubernetes;

public sealed record NodeStatus(IReadOnlyList<Condition>? Conditions = null);
