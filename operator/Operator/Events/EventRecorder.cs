using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Operator.Events;

/// <summary>Writes Events about Trails, for <c>kubectl describe</c> and other readers of Events.</summary>
/// <remarks>
/// Guarantee: whatever agents report, a Trail has at most 25 Events at once, and then one every 15 s. What cannot be written now is not
/// written, and its caller knows. The end of a deletion is always reported.
/// </remarks>
sealed partial class EventRecorder(ICluster cluster, string identity, TimeProvider time, ILogger<EventRecorder> logger)
{
    // Where Events about cluster-scoped objects are kept.
    const string Namespace = "default";
    const int LongestNote = 1000; // bytes; the API server takes 1024

    readonly EventPace pace = new(time);

    /// <summary>Writes the Event in any case, if the API server takes it.</summary>
    public Task WriteAsync(Trail trail, string type, string reason, string note, CancellationToken cancellationToken) =>
        SaveAsync(trail, type, reason, null, note, cancellationToken);

    /// <summary>An Event is never worth failing for: one that cannot be written is logged.</summary>
    /// <param name="trail">Whom it is about.</param>
    /// <param name="type"><c>Normal</c> or <c>Warning</c>.</param>
    /// <param name="reason">One CamelCase word, for programs.</param>
    /// <param name="about">Distinguishes Events of one reason that are written at the same time.</param>
    /// <param name="note">What is so, for people.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Whether it was written.</returns>
    public async Task<bool> TryWriteAsync(
        Trail trail, string type, string reason, string? about, string note, CancellationToken cancellationToken) =>
        pace.TryTake(trail.Metadata.Uid!) && await SaveAsync(trail, type, reason, about, note, cancellationToken);

    async Task<bool> SaveAsync(
        Trail trail, string type, string reason, string? about, string note, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        try
        {
            await cluster.SaveAsync(
                new Eventsv1Event
                {
                    Metadata = new()
                    {
                        NamespaceProperty = Namespace,
                        Name = $"{trail.Metadata.Name}.{now.Ticks:x}.{reason.ToLowerInvariant()}{(about is null ? "" : $".{about}")}",
                    },
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
            LogNotWritten(trail.Metadata.Name, reason, e);
            return false;
        }
    }

    static string Short(string note)
    {
        var bytes = 0;
        return string.Concat(note.EnumerateRunes().TakeWhile(rune => (bytes += rune.Utf8SequenceLength) <= LongestNote));
    }

    [LoggerMessage(LogLevel.Warning, "The Event {Reason} of Trail {Trail} could not be written.")]
    partial void LogNotWritten(string trail, string reason, Exception exception);
}
