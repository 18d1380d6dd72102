using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace ClusterTrail.Kubernetes;

/// <summary>What this library counts, on the meter of the program that uses it.</summary>
/// <remarks>Guarantee: no label carries an object's name.</remarks>
public sealed class KubernetesMetrics
{
    public const string MeterName = "ClusterTrail.Operator";

    readonly ConcurrentDictionary<string, Func<int>> queues = new();
    readonly Counter<long> undecodable;
    readonly Counter<long> watchRestarts;
    readonly Counter<long> reconciles;
    readonly Histogram<double> reconcileDuration;

    public KubernetesMetrics(Meter meter)
    {
        undecodable = meter.CreateCounter<long>("clustertrail.operator.undecodable_objects", "{object}",
            "Objects from the API server that could not be decoded and were skipped. The log names them.");
        watchRestarts = meter.CreateCounter<long>("clustertrail.operator.watch.restarts", "{restart}",
            "Watches that were restarted. Ended: the server ended it, as it does every few minutes. Gone: the objects were listed again. "
            + "Failed: see the log.");
        reconciles = meter.CreateCounter<long>("clustertrail.operator.reconciles", "{reconcile}",
            "Reconciliations, by result. The operator retries failed ones.");
        reconcileDuration = meter.CreateHistogram<double>("clustertrail.operator.reconcile.duration", "s",
            "Duration of a reconciliation.");
        meter.CreateObservableGauge("clustertrail.operator.queue.depth", Depths, "{object}",
            "Objects that wait for a worker. Rising: there are too few workers, or the API server is slow.");
    }

    internal void Undecodable(ResourceType type) => undecodable.Add(1, new KeyValuePair<string, object?>("kind", type.Kind));

    internal void WatchRestarted(ResourceType type, WatchEnd end) =>
        watchRestarts.Add(1, new("kind", type.Kind), new("reason", end.ToString()));

    internal void Reconciled(string controller, bool succeeded, TimeSpan duration)
    {
        reconciles.Add(1, new("controller", controller), new("result", succeeded ? "Succeeded" : "Failed"));
        reconcileDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("controller", controller));
    }

    internal void WatchQueue(string controller, Func<int> depth) => queues[controller] = depth;

    IEnumerable<Measurement<int>> Depths() =>
        queues.Select(queue => new Measurement<int>(queue.Value(), new KeyValuePair<string, object?>("controller", queue.Key)));
}
