using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Judging;
using ClusterTrail.Trails;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>Writes a Trail's status when it has changed: conditions at once, mere counters not more often than every half minute.</summary>
sealed class StatusWriter(ICluster cluster, TrailEvents events, TimeProvider time)
{
    static readonly TimeSpan CountersPace = TimeSpan.FromSeconds(30);

    static readonly string[] Counters =
        ["lag", "lagBytes", "readEvents", "selectedEvents", "deliveredEvents", "deliveredBatches", "spoolBytes", "lastEventTime", "lastDeliveryTime", "lastObject"];

    static readonly string[] CountersOfDetections = ["findings", "bySeverity", "lastFindingTime", "lastFindingRule"];

    // Our copy of the cluster may not show yet what we wrote last.
    readonly ConcurrentDictionary<string, (TrailStatus Status, DateTimeOffset At)> written = new();

    /// <returns>When to look again, if something was left for later.</returns>
    public async Task<TimeSpan?> WriteAsync(TrailView view, CancellationToken cancellationToken)
    {
        var uid = view.Trail.Metadata.Uid!;
        var now = time.GetUtcNow();
        var last = written.TryGetValue(uid, out var known) ? known : (Status: view.Trail.Status, At: DateTimeOffset.MinValue);
        var next = TrailStatusBuilder.Build(view with { Trail = view.Trail with { Status = last.Status } }, now);
        var change = Compare(last.Status, next);
        if (change == Difference.None)
            return null;
        if (change == Difference.Counters && now - last.At < CountersPace)
            return CountersPace - (now - last.At);
        await cluster.ApplyStatusAsync(Manifest(view.Trail, next), cancellationToken);
        written[uid] = (next, now);
        await events.TellAsync(view.Trail, last.Status, next, cancellationToken);
        return null;
    }

    public void Forget(Trail trail) => written.TryRemove(trail.Metadata.Uid!, out _);

    public void ForgetAll() => written.Clear();

    static JsonResource Manifest(Trail trail, TrailStatus status) => new(Trail.Definition, new()
    {
        ["metadata"] = new JsonObject { ["name"] = trail.Metadata.Name, ["uid"] = trail.Metadata.Uid },
        ["status"] = Json(status),
    });

    static Difference Compare(TrailStatus? before, TrailStatus after)
    {
        var (old, now) = (before is null ? [] : Json(before), Json(after));
        if (JsonNode.DeepEquals(old, now))
            return Difference.None;
        foreach (var status in new[] { old, now })
        {
            Remove(Counters, status);
            Remove(CountersOfDetections, status["detections"] as JsonObject);
        }

        return JsonNode.DeepEquals(old, now) ? Difference.Counters : Difference.More;
    }

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
}
