using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Judging;
using ClusterTrail.Trails;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>Reports changes of a Trail as Events, for <c>kubectl describe</c> and whoever watches Events.</summary>
sealed partial class TrailEvents(ICluster cluster, string identity, TimeProvider time, ILogger<TrailEvents> logger)
{
    // Where Events about cluster-scoped objects are kept.
    const string Namespace = "default";
    const int LongestNote = 1000; // bytes; the API server takes 1024

    /// <summary>Events for those conditions that begin or cease to hold, or fail for another reason than before.</summary>
    /// <remarks>Ready says only that all is well; if it is not, another condition has said why.</remarks>
    public async Task TellAsync(Trail trail, TrailStatus? before, TrailStatus after, CancellationToken cancellationToken)
    {
        foreach (var condition in after.Conditions ?? [])
        {
            var was = before?.Conditions?.FirstOrDefault(other => other.Type == condition.Type);
            if (IsNews(was, condition))
                await TellAsync(trail, TypeOf(condition), ReasonOf(condition), $"{condition.Reason}: {condition.Message}", cancellationToken);
        }
    }

    /// <summary>An Event for each node that is gone, and whose agent held something when it last answered: nobody waits for it any more.</summary>
    public async Task TellLeftBehindAsync(Trail trail, TrailStatus? before, TrailStatus after, CancellationToken cancellationToken)
    {
        var there = (after.Nodes ?? []).Select(node => node.Name).ToHashSet();
        foreach (var gone in (before?.Nodes ?? []).Where(node => node.SpoolBatches > 0 && !there.Contains(node.Name)))
        {
            await TryTellAsync(
                trail, "Warning", "NodeLeftUndelivered", gone.Name,
                $"{gone.Name} is not a node of this Trail any more, and {gone.SpoolBatches} batches waited on its disk for the sink when its agent last answered, "
                    + $"at {gone.LastSeen:yyyy-MM-ddTHH:mm:ssZ}. They are in {trail.Spec.Agent.StateDirectory}/{trail.Metadata.Name} of the node.",
                cancellationToken);
        }
    }

    static bool IsNews(V1Condition? was, V1Condition now) => now.Status switch
    {
        "True" => was is not null && was.Status != "True",
        "False" => now.Type != TrailConditions.Ready && (was?.Status, was?.Reason) != (now.Status, now.Reason),
        _ => false,
    };

    // Whoever stopped a Trail need not be warned of it.
    static string TypeOf(V1Condition condition) => condition.Status == "True" || condition.Reason == ReceivingCondition.LoggingOff ? "Normal" : "Warning";

    static string ReasonOf(V1Condition condition) => condition.Status == "True" ? condition.Type : $"Not{condition.Type}";

    public Task TellAsync(Trail trail, string type, string reason, string note, CancellationToken cancellationToken) =>
        TryTellAsync(trail, type, reason, null, note, cancellationToken);

    /// <summary>An Event is never worth failing for: one that cannot be written is logged.</summary>
    /// <param name="trail">Whom it is about.</param>
    /// <param name="type"><c>Normal</c> or <c>Warning</c>.</param>
    /// <param name="reason">One CamelCase word, for programs.</param>
    /// <param name="about">Distinguishes Events of one reason that are written at once.</param>
    /// <param name="note">What is so, for people.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Whether it was written.</returns>
    public async Task<bool> TryTellAsync(Trail trail, string type, string reason, string? about, string note, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        try
        {
            await cluster.SaveAsync(
                new Eventsv1Event
                {
                    Metadata = new() { NamespaceProperty = Namespace, Name = $"{trail.Metadata.Name}.{now.Ticks:x}.{reason.ToLowerInvariant()}{(about is null ? "" : $".{about}")}" },
                    EventTime = now.UtcDateTime,
                    Type = type,
                    Reason = reason,
                    Note = Short(note),
                    Action = "Reconcile",
                    ReportingController = "clustertrail.io/operator",
                    ReportingInstance = identity,
                    Regarding = new()
                    {
                        ApiVersion = ResourceType.Of<Trail>().ApiVersion,
                        Kind = ResourceType.Of<Trail>().Kind,
                        Name = trail.Metadata.Name,
                        Uid = trail.Metadata.Uid,
                    },
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
