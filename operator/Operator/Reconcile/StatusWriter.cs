using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Events;
using ClusterTrail.Operator.Judging;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>Writes a Trail's status when it has changed: conditions immediately, counters alone at most every half minute.</summary>
/// <remarks>Guarantee: while an operator runs, the observation time in it is never older than an hour.</remarks>
sealed partial class StatusWriter(ICluster cluster, StatusEvents events, TimeProvider time, ILogger<StatusWriter> logger)
{
    static readonly TimeSpan CountersPace = TimeSpan.FromSeconds(30);

    static readonly string[] Counters =
    [
        "lag", "lagBytes", "readEvents", "selectedEvents", "deliveredEvents", "deliveredBatches", "spoolBytes", "lastEventTime",
        "lastDeliveryTime", "lastObject", "completeness",
    ];

    // What a look finds changed each time. By themselves they are not worth a request.
    static readonly string[] Times = ["lastObservedTime"];
    static readonly string[] TimesOfNodes = ["lastSeen"];

    static readonly TimeSpan LongestUnwritten = TimeSpan.FromMinutes(50);
    static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(9);

    static readonly string[] CountersOfNodes =
    [
        "startedAt", "head", "readEvents", "selectedEvents", "deliveredEvents", "deliveredBatches", "gaps", "findings", "spoolBatches",
        "lines", "processes", "lost",
    ];

    static readonly string[] CountersOfWorkloads = ["pods", "lines", "processes", "lost", "spoolBytes"];

    static readonly string[] CountersOfDetections = ["findings", "bySeverity", "lastFindingTime", "lastFindingRule"];

    // Our copy of the cluster may not show yet what we wrote last, and not all that was found was worth a request.
    readonly ConcurrentDictionary<string, Known> known = new();

    /// <summary>The Trail with the status that was found last, written or not.</summary>
    public Trail WithLatest(Trail trail) => trail with { Status = KnownOf(trail).Latest };

    /// <param name="view">Of the Trail <see cref="WithLatest"/>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>When to look again, if something was left for later.</returns>
    public async Task<TimeSpan?> WriteAsync(TrailView view, CancellationToken cancellationToken)
    {
        var uid = view.Trail.Metadata.Uid!;
        var (written, found, at) = KnownOf(view.Trail);
        var latest = TrailStatusBuilder.Build(view);
        var next = TrailStatusBuilder.Written(latest);
        var now = time.GetUtcNow();
        known[uid] = new(written, latest, at);
        // The last writer's clock may have been ahead of this one's.
        var due = now < at ? TimeSpan.Zero : Compare(written, next) switch
        {
            Difference.None => LongestUnwritten,
            Difference.Counters => CountersPace,
            _ => TimeSpan.Zero,
        } - (now - at);
        try
        {
            if (due > TimeSpan.Zero)
                return due < LongestPause ? due : LongestPause;
            await cluster.ApplyStatusAsync(Manifest(view.Trail, next), cancellationToken);
            known[uid] = new(next, latest, now);
        }
        finally
        {
            // After the status, and also if that failed: what was left behind is known only now.
            await events.WriteLeftBehindAsync(view.Trail, found, latest, cancellationToken);
        }

        LogChanges(view.Trail.Metadata.Name, written, next);
        await events.WriteAsync(view.Trail, written, next, cancellationToken);
        return null;
    }

    public void Forget(Trail trail) => known.TryRemove(trail.Metadata.Uid!, out _);

    public void ForgetAll() => known.Clear();

    Known KnownOf(Trail trail) => known.TryGetValue(trail.Metadata.Uid!, out var before)
        ? before
        : new(trail.Status, trail.Status, trail.Status?.LastObservedTime ?? DateTimeOffset.MinValue);

    void LogChanges(string trail, TrailStatus? before, TrailStatus after)
    {
        foreach (var condition in after.Conditions ?? [])
        {
            var was = before?.Conditions?.FirstOrDefault(other => other.Type == condition.Type);
            // Ready repeats another one, unless all is well.
            if ((was?.Status, was?.Reason) == (condition.Status, condition.Reason)
                || condition is { Type: TrailConditions.Ready, Status: not "True" })
            {
                continue;
            }
            if (condition.Status == "False")
                LogTrouble(trail, condition.Type, condition.Status, condition.Reason, condition.Message);
            else
                LogCondition(trail, condition.Type, condition.Status, condition.Reason, condition.Message);
        }
    }

    static JsonResource Manifest(Trail trail, TrailStatus status) => new(ResourceType.Of<Trail>(), new()
    {
        ["metadata"] = new JsonObject { ["name"] = trail.Metadata.Name, ["uid"] = trail.Metadata.Uid },
        ["status"] = Json(status),
    });

    static Difference Compare(TrailStatus? before, TrailStatus after)
    {
        var (old, now) = (before is null ? [] : Json(before), Json(after));
        foreach (var status in new[] { old, now })
            RemoveTimes(status);
        if (JsonNode.DeepEquals(old, now))
            return Difference.None;
        foreach (var status in new[] { old, now })
        {
            Remove(Counters, status);
            Remove(CountersOfDetections, status["detections"] as JsonObject);
            Remove(CountersOfWorkloads, status["workloads"] as JsonObject);
            foreach (var node in Nodes(status))
                Remove(CountersOfNodes, node);
        }

        return JsonNode.DeepEquals(old, now) ? Difference.Counters : Difference.More;
    }

    static void RemoveTimes(JsonObject status)
    {
        Remove(Times, status);
        foreach (var node in Nodes(status))
            Remove(TimesOfNodes, node);
    }

    static IEnumerable<JsonObject> Nodes(JsonObject status) =>
        (status["nodes"] as JsonArray ?? []).Concat(status["workloads"]?["agents"] as JsonArray ?? []).OfType<JsonObject>();

    static void Remove(string[] counters, JsonObject? from)
    {
        foreach (var counter in counters)
            from?.Remove(counter);
    }

    static JsonObject Json(TrailStatus status) => (JsonObject)JsonSerializer.SerializeToNode(status, KubernetesJson.Options)!;

    enum Difference
    {
        None,
        Counters,
        More,
    }

    /// <param name="Written">What the cluster has.</param>
    /// <param name="Latest">What was found last, of all nodes.</param>
    /// <param name="At">When it was written.</param>
    sealed record Known(TrailStatus? Written, TrailStatus? Latest, DateTimeOffset At);

    [LoggerMessage(LogLevel.Warning, "Trail {Trail}: {Condition} is {Status}, {Reason}: {Message}")]
    partial void LogTrouble(string trail, string condition, string status, string? reason, string? message);

    [LoggerMessage(LogLevel.Information, "Trail {Trail}: {Condition} is {Status}, {Reason}: {Message}")]
    partial void LogCondition(string trail, string condition, string status, string? reason, string? message);
}
