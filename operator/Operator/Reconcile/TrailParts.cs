using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Completeness;
using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>What a reconcile of a Trail changes the cluster with.</summary>
sealed record TrailParts(
    ICluster Cluster, AppliedObjects Objects, Ownership Ownership, StatusKeys Keys, ReceiverKeys Receivers, Attachments Attachments,
    ChainWatch Chains, CompletenessKeeper Completeness)
{
    /// <summary>The snapshot, without objects if a name is taken, or no key can be had.</summary>
    public async Task<TrailSnapshot> CheckAsync(TrailSnapshot snapshot, CancellationToken cancellationToken)
    {
        var trail = snapshot.View.Trail;
        var problems = new List<Rejection>();
        foreach (var desired in snapshot.Objects.Where(desired => !Objects.IsKnown(desired)))
        {
            if (await Ownership.ProblemAsync(desired, trail, cancellationToken) is { } taken)
                problems.Add(taken);
        }

        if (snapshot.Objects.Count > 0 && problems.Count == 0 && await Keys.EnsureAsync(trail, cancellationToken) is { } missing)
            problems.Add(missing);
        if (snapshot.Objects.Count > 0 && problems.Count == 0 && await Receivers.EnsureAsync(trail, cancellationToken) is { } uncertified)
            problems.Add(uncertified);
        return problems.Count == 0 ? snapshot : snapshot.Refused(problems);
    }
}
