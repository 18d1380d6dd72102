using System.Collections.Concurrent;
using ClusterTrail.Contract.Status;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Judging;
using ClusterTrail.Trails;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>Lets a deleted Trail go once its agents have delivered what they hold, or after the grace. The archive stays.</summary>
sealed class TrailDeletion(
    ICluster cluster, AppliedObjects objects, StatusWriter status, TrailEvents events, OperatorOptions options, TimeProvider time)
{
    static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    // Trails that were let go: our copy of the cluster may still show one for a moment.
    readonly ConcurrentDictionary<string, bool> released = new();

    public async Task<TimeSpan?> ContinueAsync(Trail trail, Func<Trail, Gathered> gather, CancellationToken cancellationToken)
    {
        if (!Finalizer.IsOn(trail) || released.ContainsKey(trail.Metadata.Uid!))
            return null;
        // A stopped agent delivers what it holds and reads nothing more.
        var stopped = trail with { Spec = trail.Spec with { Logging = false } };
        var gathered = gather(stopped);
        foreach (var desired in gathered.Objects)
            await objects.ApplyAsync(desired, cancellationToken);

        var left = Undelivered(gathered.View).ToList();
        if (left.Count > 0 && time.GetUtcNow() - trail.Metadata.DeletionTimestamp < options.DeletionGrace)
        {
            await status.WriteAsync(gathered.View, cancellationToken);
            return LookAgain;
        }

        if (left.Count > 0)
            await events.TellAsync(trail, "Warning", "DeletedUndelivered", $"After {options.DeletionGrace.TotalMinutes:0} minutes: {string.Join(" ", left)} It stays in {trail.Spec.Agent.StateDirectory}/{trail.Metadata.Name} of the nodes, and a Trail of the same name will deliver it.", cancellationToken);
        foreach (var made in gathered.Objects)
            await objects.DeleteAsync(made, cancellationToken);
        await Finalizer.RemoveAsync(cluster, trail, cancellationToken);
        released[trail.Metadata.Uid!] = true;
        status.Forget(trail);
        return null;
    }

    /// <summary>A sentence for every agent that may still hold something.</summary>
    static IEnumerable<string> Undelivered(TrailView view)
    {
        foreach (var agent in view.Agents)
        {
            if (agent.Report?.Status is not { } report)
                yield return $"{agent.Node}: the agent does not answer{(agent.Report?.Error is { } error ? $" ({error})" : "")}.";
            else if (report.Spool.Batches > 0)
                yield return $"{agent.Node}: {report.Spool.Batches} batches of {report.Spool.Bytes} bytes wait for the sink.";
            else if (report.Sources.Any(source => source.State != SourceState.Stopped))
                yield return $"{agent.Node}: the agent has not stopped reading yet.";
        }
    }
}
