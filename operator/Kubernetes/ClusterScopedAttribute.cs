namespace ClusterTrail.Kubernetes;

/// <summary>Marks the model of a custom resource that is in no namespace, which the library's own attribute does not say.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ClusterScopedAttribute : Attribute;
