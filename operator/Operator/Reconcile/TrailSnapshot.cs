using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>What is known of a Trail, and the objects that it should become; none while its spec cannot be used.</summary>
sealed record TrailSnapshot(TrailView View, IReadOnlyList<JsonResource> Objects);
