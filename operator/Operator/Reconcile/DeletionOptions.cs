namespace ClusterTrail.Operator.Reconcile;

/// <summary>How deleted Trails are let go.</summary>
/// <param name="Namespace">Where the agents run.</param>
/// <param name="Grace">How long a Trail waits for its agents to deliver what they hold.</param>
sealed record DeletionOptions(string Namespace, TimeSpan Grace);
