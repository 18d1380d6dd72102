namespace ClusterTrail.Kubernetes.Tests;

sealed record WidgetSpec(int? Size = null);
