using System.Collections.Concurrent;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Manifests;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>Lets a Trail's agents on all nodes go when nothing asks for them any more, once they have delivered all.</summary>
/// <remarks>As when a Trail is deleted: they stop reading, and after the grace they go in any case. Their batches stay on the nodes.</remarks>
sealed partial class UnaskedWorkloads(DeletedObjects objects, OperatorOptions options, ILogger<UnaskedWorkloads> logger)
{
    static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    readonly ConcurrentDictionary<string, DeletionProgress> progressOf = new();

    /// <returns>When to look again; null if there is nothing to do.</returns>
    public async Task<TimeSpan?> ContinueAsync(TrailView view, CancellationToken cancellationToken)
    {
        var uid = view.Trail.Metadata.Uid!;
        if (view.Workloads is not { IsUnasked: true } workloads)
        {
            if (progressOf.TryRemove(uid, out _))
                objects.Resume(view.Trail, AgentRole.Workloads);
            return null;
        }

        await objects.StopAsync(view.Trail, AgentRole.Workloads, cancellationToken);
        var progress = progressOf.GetOrAdd(uid, _ => new(view.Now));
        var left = Undelivered.Of(workloads, progress).ToList();
        if (left.Count > 0 && view.Now - progress.Since < options.DeletionGrace)
            return LookAgain;
        await objects.DeleteAsync(view.Trail, AgentRole.Workloads, cancellationToken);
        progressOf.TryRemove(uid, out _);
        if (left.Count == 0)
            LogGone(view.Trail.Metadata.Name);
        else
            LogLeft(view.Trail.Metadata.Name, string.Join(' ', left));
        return LookAgain;
    }

    [LoggerMessage(
        LogLevel.Information, "Trail {Trail}: nothing asks for workloads; their agents have delivered all batches and are removed.")]
    partial void LogGone(string trail);

    [LoggerMessage(
        LogLevel.Warning,
        "Trail {Trail}: nothing asks for workloads; their agents are removed, but not all batches are delivered: {Left}")]
    partial void LogLeft(string trail, string left);
}
