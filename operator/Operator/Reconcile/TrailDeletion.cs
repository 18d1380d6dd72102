using System.Collections.Concurrent;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Judging;
using ClusterTrail.Operator.Watching;
using ClusterTrail.Trails;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>Lets a deleted Trail go once its agents have delivered what they hold, or after the grace. The archive stays.</summary>
/// <remarks>Guarantee: nobody is taken for done who has not said so, also when a pod terminates, comes back, or its node is away.</remarks>
sealed partial class TrailDeletion(
    ICluster cluster, KnownCluster known, Gatherer gatherer, AppliedObjects objects, StatusWriter status, TrailEvents events, DeletionOptions options,
    ILogger<TrailDeletion> logger)
{
    static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    // Trails that were let go: our copy of the cluster may still show one for a moment.
    readonly ConcurrentDictionary<string, bool> released = new();

    // The nodes of each Trail that have nothing more to deliver.
    readonly ConcurrentDictionary<string, HashSet<string>> done = new();

    public async Task<TimeSpan?> ContinueAsync(Trail trail, CancellationToken cancellationToken)
    {
        var uid = trail.Metadata.Uid!;
        if (!Finalizer.IsOn(trail) || released.ContainsKey(uid))
            return null;
        await StopAsync(trail, cancellationToken);
        var view = gatherer.Gather(status.WithLatest(trail)).View;
        var left = Undelivered.Of(view, done.GetOrAdd(uid, _ => [])).ToList();
        if (left.Count > 0 && view.Now < view.GoesAt)
        {
            await status.WriteAsync(view, cancellationToken);
            return LookAgain;
        }

        await TellAsync(trail, left, cancellationToken);
        foreach (var made in AgentManifests.References(trail, options.Namespace, known.IsServed(KnownTypes.PodMonitor)))
            await objects.DeleteAsync(made, cancellationToken);
        await Finalizer.RemoveAsync(cluster, trail, cancellationToken);
        released[uid] = true;
        done.TryRemove(uid, out _);
        status.Forget(trail);
        return null;
    }

    Task StopAsync(Trail trail, CancellationToken cancellationToken) =>
        known.ConfigMaps.Find(new(options.Namespace, new AgentNames(trail.Metadata.Name).Shared)) is { } live && StoppedAgents.ConfigMap(live) is { } stopped
            ? objects.ApplyAsync(stopped, cancellationToken)
            : Task.CompletedTask;

    Task TellAsync(Trail trail, List<string> left, CancellationToken cancellationToken)
    {
        if (left.Count == 0)
        {
            LogReleased(trail.Metadata.Name);
            return events.TellAsync(trail, "Normal", "Deleted", "Its agents have delivered what they held. The archive stays.", cancellationToken);
        }

        var what = string.Join(" ", left);
        LogLeft(trail.Metadata.Name, what);
        return events.TellAsync(
            trail, "Warning", "DeletedUndelivered",
            $"After {options.Grace.TotalMinutes:0} minutes: {what} What was not delivered stays in {trail.Spec.Agent.StateDirectory}/{trail.Metadata.Name} "
            + "of these nodes, and a Trail of the same name delivers it.",
            cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "Trail {Trail}: deleted; its agents have delivered what they held.")]
    partial void LogReleased(string trail);

    [LoggerMessage(LogLevel.Warning, "Trail {Trail}: deleted, and not all is delivered: {What}")]
    partial void LogLeft(string trail, string what);
}
