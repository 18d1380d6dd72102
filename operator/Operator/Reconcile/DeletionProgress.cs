using ClusterTrail.Trails.Manifests;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>How far the deletion of a Trail is.</summary>
/// <param name="Since">When its agents were stopped: what they reported before does not say what they hold now.</param>
sealed record DeletionProgress(DateTimeOffset Since)
{
    /// <summary>The nodes that have nothing more to deliver.</summary>
    public HashSet<(AgentRole Role, string Node)> Done { get; } = [];

    /// <summary>Whether it was said what was left.</summary>
    public bool IsStopped { get; set; }
}
