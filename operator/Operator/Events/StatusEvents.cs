using ClusterTrail.Operator.Judging;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Operator.Events;

/// <summary>Events for what changes in a Trail's status.</summary>
sealed class StatusEvents(EventRecorder events)
{
    /// <summary>Events for those conditions that begin or cease to hold, or fail for another reason than before.</summary>
    /// <remarks>Ready says only that all is well; if it is not, another condition has said why.</remarks>
    public async Task WriteAsync(Trail trail, TrailStatus? before, TrailStatus after, CancellationToken cancellationToken)
    {
        foreach (var condition in after.Conditions ?? [])
        {
            var was = before?.Conditions?.FirstOrDefault(other => other.Type == condition.Type);
            if (IsNews(was, condition))
            {
                await events.TryWriteAsync(
                    trail, TypeOf(condition), ReasonOf(condition), null, $"{condition.Reason}: {condition.Message}", cancellationToken);
            }
        }
    }

    /// <summary>
    /// An Event for each node that was removed while its agent still held batches, which nothing will deliver.
    /// </summary>
    public async Task WriteLeftBehindAsync(Trail trail, TrailStatus? before, TrailStatus after, CancellationToken cancellationToken)
    {
        await WriteLeftBehindAsync(trail, before?.Nodes, after.Nodes, trail.Spec.Agent.StateDirectory, cancellationToken);
        // Agents that nothing asks for any more have delivered before they went.
        if (after.Workloads is { } workloads)
        {
            await WriteLeftBehindAsync(
                trail, before?.Workloads?.Agents, workloads.Agents, trail.Spec.WorkloadAgent.StateDirectory, cancellationToken);
        }
    }

    async Task WriteLeftBehindAsync(
        Trail trail, IReadOnlyList<TrailNode>? before, IReadOnlyList<TrailNode>? after, string folder, CancellationToken cancellationToken)
    {
        var there = (after ?? []).Select(node => node.Name).ToHashSet();
        foreach (var gone in (before ?? []).Where(node => node.SpoolBatches > 0 && !there.Contains(node.Name)))
        {
            await events.TryWriteAsync(
                trail, "Warning", "NodeLeftUndelivered", gone.Name,
                $"{gone.Name} is not a node of this Trail any more, and {gone.SpoolBatches} batches waited on its disk for the sink "
                    + $"when its agent last answered, at {gone.LastSeen:yyyy-MM-ddTHH:mm:ssZ}. "
                    + $"They are in {folder}/{trail.Metadata.Name} of the node.",
                cancellationToken);
        }
    }

    static bool IsNews(V1Condition? was, V1Condition now) => now.Status switch
    {
        "True" => was is not null && was.Status != "True",
        "False" => now.Type != TrailConditions.Ready && (was?.Status, was?.Reason) != (now.Status, now.Reason),
        _ => false,
    };

    // The user who stopped a Trail need not be warned of it.
    static string TypeOf(V1Condition condition) =>
        condition.Status == "True" || condition.Reason == ReceivingCondition.LoggingOff ? "Normal" : "Warning";

    static string ReasonOf(V1Condition condition) => condition.Status == "True" ? condition.Type : $"Not{condition.Type}";
}
