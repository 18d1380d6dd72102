namespace ClusterTrail.Kubernetes;

public sealed record CustomResourceDefinitionStatus(IReadOnlyList<Condition>? Conditions = null);
