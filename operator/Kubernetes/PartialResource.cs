namespace ClusterTrail.Kubernetes;

/// <summary>Any object, of which only the metadata is read.</summary>
public sealed record PartialResource : Resource;
