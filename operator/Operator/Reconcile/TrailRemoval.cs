namespace ClusterTrail.Operator.Reconcile;

/// <summary>How agents go that have something to deliver first.</summary>
/// <param name="Trails">Those of Trails that are deleted.</param>
/// <param name="Workloads">Those on all nodes that nothing asks for any more.</param>
sealed record TrailRemoval(TrailDeletion Trails, UnaskedWorkloads Workloads);
