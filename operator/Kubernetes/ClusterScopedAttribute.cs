namespace ClusterTrail.Kubernetes;

/// <summary>Marks the model of a custom resource that is in no namespace, which <see cref="k8s.Models.KubernetesEntityAttribute"/> does not say.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ClusterScopedAttribute : Attribute;
