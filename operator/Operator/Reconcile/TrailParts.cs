using ClusterTrail.Kubernetes;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>What a reconcile of a Trail changes the cluster with.</summary>
sealed record TrailParts(ICluster Cluster, AppliedObjects Objects, Attachments Attachments);
