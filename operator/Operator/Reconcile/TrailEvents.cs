using ClusterTrail.Kubernetes;
using ClusterTrail.Trails;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>Tells what changes of a Trail, for <c>kubectl describe</c> and whoever watches Events.</summary>
sealed partial class TrailEvents(ICluster cluster, string identity, TimeProvider time, ILogger<TrailEvents> logger)
{
    // Where Events about cluster-scoped objects are kept.
    const string Namespace = "default";
    const int LongestNote = 1000; // bytes; the API server takes 1024

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

    public Task TellAsync(Trail trail, string type, string reason, string note, CancellationToken cancellationToken) =>
        TryTellAsync(trail, type, reason, null, note, cancellationToken);

    /// <summary>An Event is never worth failing for: of one that cannot be written, the log tells.</summary>
    /// <param name="trail">Whom it is about.</param>
    /// <param name="type"><c>Normal</c> or <c>Warning</c>.</param>
    /// <param name="reason">One CamelCase word, for programs.</param>
    /// <param name="about">Tells Events of one reason apart that are written at once.</param>
    /// <param name="note">What is so, for people.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Whether it was written.</returns>
    public async Task<bool> TryTellAsync(Trail trail, string type, string reason, string? about, string note, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        try
        {
            await cluster.SaveAsync(
                new Event
                {
                    Metadata = new() { Namespace = Namespace, Name = $"{trail.Metadata.Name}.{now.Ticks:x}.{reason.ToLowerInvariant()}{(about is null ? "" : $".{about}")}" },
                    EventTime = now,
                    Type = type,
                    Reason = reason,
                    Note = Short(note),
                    Action = "Reconcile",
                    ReportingController = "clustertrail.io/operator",
                    ReportingInstance = identity,
                    Regarding = new(Trail.Definition.ApiVersion, Trail.Definition.Kind, trail.Metadata.Name, null, trail.Metadata.Uid),
                },
                cancellationToken);
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogUntold(trail.Metadata.Name, reason, e);
            return false;
        }
    }

    static string Short(string note)
    {
        var bytes = 0;
        return string.Concat(note.EnumerateRunes().TakeWhile(rune => (bytes += rune.Utf8SequenceLength) <= LongestNote));
    }

    [LoggerMessage(LogLevel.Warning, "The Event {Reason} of Trail {Trail} could not be written.")]
    partial void LogUntold(string trail, string reason, Exception exception);
}
