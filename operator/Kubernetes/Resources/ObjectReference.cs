namespace ClusterTrail.Kubernetes;

public sealed record ObjectReference(string ApiVersion, string Kind, string Name, string? Namespace = null, string? Uid = null);
