namespace ClusterTrail.Kubernetes;

public sealed record PodSpec(string? NodeName = null, string? ServiceAccountName = null);
