using ClusterTrail.Kubernetes;
using ClusterTrail.Trails;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>Tells what changes of a Trail, for <c>kubectl describe</c> and whoever watches Events.</summary>
sealed partial class TrailEvents(ICluster cluster, string identity, TimeProvider time, ILogger<TrailEvents> logger)
{
    // Where Events about cluster-scoped objects are kept.
    const string Namespace = "default";
    const int LongestNote = 1000;

    /// <summary>Events for those conditions whose status or reason is another than before.</summary>
    public async Task TellAsync(Trail trail, TrailStatus? before, TrailStatus after, CancellationToken cancellationToken)
    {
        foreach (var condition in after.Conditions ?? [])
        {
            var was = before?.Conditions?.FirstOrDefault(other => other.Type == condition.Type);
            var isNews = was is null ? condition.Status == "False" : (was.Status, was.Reason) != (condition.Status, condition.Reason);
            if (isNews && condition.Status != "Unknown")
                await TellAsync(trail, condition.Status == "True" ? "Normal" : "Warning", $"{condition.Type}{(condition.Status == "True" ? "" : "Not")}", $"{condition.Reason}: {condition.Message}", cancellationToken);
        }
    }

    /// <summary>An Event is never worth failing for: one that cannot be written is logged.</summary>
    public async Task TellAsync(Trail trail, string type, string reason, string note, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        try
        {
            await cluster.SaveAsync(
                new Event
                {
                    Metadata = new() { Namespace = Namespace, Name = $"{trail.Metadata.Name}.{now.Ticks:x}.{reason.ToLowerInvariant()}" },
                    EventTime = now,
                    Type = type,
                    Reason = reason,
                    Note = note.Length > LongestNote ? note[..LongestNote] : note,
                    Action = "Reconcile",
                    ReportingController = "clustertrail.io/operator",
                    ReportingInstance = identity,
                    Regarding = new(Trail.Definition.ApiVersion, Trail.Definition.Kind, trail.Metadata.Name, null, trail.Metadata.Uid),
                },
                cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogUntold(trail.Metadata.Name, reason, e);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The Event {Reason} of Trail {Trail} could not be written.")]
    partial void LogUntold(string trail, string reason, Exception exception);
}
