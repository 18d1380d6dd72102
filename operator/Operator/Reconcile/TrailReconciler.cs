using System.Diagnostics;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Findings;
using ClusterTrail.Operator.Watching;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>Applies a Trail's objects by its spec, and its status by the state of its agents.</summary>
sealed class TrailReconciler(
    ICluster cluster, KnownCluster known, Gatherer gatherer, AppliedObjects objects, StatusWriter status, FindingEvents findings, TrailDeletion deletion)
{
    // When the copy of the cluster does not show yet what was applied.
    static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    // An agent that is not there, or not ready, becomes a trouble with time alone.
    static readonly TimeSpan WhileUnsettled = TimeSpan.FromSeconds(10);

    public const string ActivityName = "ClusterTrail.Operator";

    static readonly ActivitySource Activities = new(ActivityName);

    /// <returns>When to look again, if nothing happens before.</returns>
    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        using var activity = Activities.StartActivity("reconcile Trail")?.SetTag("clustertrail.trail", key.Name);
        if (known.Trails.Find(key) is not { } trail)
        {
            findings.Forget(key.Name);
            return null; // What it owned is collected by Kubernetes.
        }

        // Before all that may fail: whoever breaks a Trail may be who is found.
        await findings.TellAsync(trail, gatherer.ReportsOf(trail), cancellationToken);
        if (trail.Metadata.DeletionTimestamp is not null)
            return await deletion.ContinueAsync(trail, cancellationToken);
        if (!Finalizer.IsOn(trail))
            await Finalizer.AddAsync(cluster, trail, cancellationToken);

        var gathered = gatherer.Gather(status.WithLatest(trail));
        // There are none, and agents go on as they were, until the spec and what it names can be used.
        var isInLine = true;
        foreach (var desired in gathered.Objects)
            isInLine &= await objects.ApplyAsync(desired, cancellationToken);
        var again = await status.WriteAsync(gathered.View, cancellationToken);
        return !isInLine ? LookAgain : gathered.View.IsSettled ? again : WhileUnsettled;
    }
}
