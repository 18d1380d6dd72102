namespace ClusterTrail.Kubernetes.Tests;

sealed record WidgetStatus(string? Phase = null, int? ObservedSize = null);
