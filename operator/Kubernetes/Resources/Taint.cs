namespace ClusterTrail.Kubernetes;

public sealed record Taint(string Key, string Effect, string? Value = null);
