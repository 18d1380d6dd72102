using System.Collections.Concurrent;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Events;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Manifests;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>Lets a deleted Trail go once its agents have delivered what they hold, or after the grace. The archive stays.</summary>
/// <remarks>Guarantee: an agent is done only if it has reported so, also if a pod terminates, comes back, or its node is lost.</remarks>
sealed partial class TrailDeletion(
    ICluster cluster, SnapshotBuilder snapshots, DeletedObjects objects, StatusWriter status, EventRecorder events, OperatorOptions options,
    ILogger<TrailDeletion> logger)
{
    const int MostNodes = 10;

    static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    // Trails that were let go: our copy of the cluster may still show one for a moment.
    readonly ConcurrentDictionary<string, bool> released = new();

    readonly ConcurrentDictionary<string, DeletionProgress> progressOf = new();

    public async Task<TimeSpan?> ContinueAsync(Trail trail, AttachedRules attached, CancellationToken cancellationToken)
    {
        var uid = trail.Metadata.Uid!;
        if (!Finalizer.IsOn(trail) || released.ContainsKey(uid))
            return null;
        await objects.StopAsync(trail, cancellationToken);
        var view = snapshots.Build(status.WithLatest(trail), attached).View;
        var progress = progressOf.GetOrAdd(uid, _ => new(view.Now));
        var left = Undelivered.Of(view, progress).ToList();
        if (left.Count > 0 && view.Now < view.DeletionDeadline)
        {
            await status.WriteAsync(view, cancellationToken);
            return LookAgain;
        }

        if (!progress.IsStopped)
            await TellAsync(trail, left, cancellationToken);
        // What follows may fail and be done again.
        progress.IsStopped = true;
        await objects.DeleteAsync(trail, cancellationToken);
        await Finalizer.RemoveAsync(cluster, trail, cancellationToken);
        released[uid] = true;
        progressOf.TryRemove(uid, out _);
        status.Forget(trail);
        return null;
    }

    Task TellAsync(Trail trail, List<string> left, CancellationToken cancellationToken)
    {
        if (left.Count == 0)
        {
            LogReleased(trail.Metadata.Name);
            return events.WriteAsync(
                trail, "Normal", "Deleted", "Its agents have delivered all batches. The archive is kept.", cancellationToken);
        }

        // An Event has room for a few nodes, and may not be written at all.
        LogLeft(trail.Metadata.Name, string.Join(' ', left));
        var nodes = string.Join(' ', left.Take(MostNodes)) + (left.Count > MostNodes ? $" And {left.Count - MostNodes} more nodes." : "");
        return events.WriteAsync(
            trail, "Warning", "DeletedUndelivered",
            $"After {options.DeletionGrace.TotalMinutes:0} minutes: {nodes} Undelivered batches stay in {Place(trail)}, and a Trail of the "
                + "same name delivers them.",
            cancellationToken);
    }

    static string Place(Trail trail) => trail.Spec.Sources.ApiServer.IsCollected()
        ? $"PersistentVolumeClaim {new AgentNames(trail.Metadata.Name).Claim}"
        : $"{trail.Spec.Agent.StateDirectory}/{trail.Metadata.Name} of these nodes";

    [LoggerMessage(LogLevel.Information, "Trail {Trail}: deleted; its agents have delivered all batches.")]
    partial void LogReleased(string trail);

    [LoggerMessage(LogLevel.Warning, "Trail {Trail}: deleted, but not all batches are delivered: {Left}")]
    partial void LogLeft(string trail, string left);
}
