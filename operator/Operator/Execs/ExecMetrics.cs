using System.Diagnostics.Metrics;

namespace ClusterTrail.Operator.Execs;

/// <summary>What the relay counts.</summary>
sealed class ExecMetrics
{
    readonly Counter<long> received;
    readonly Counter<long> handedOver;
    readonly Counter<long> notLocated;
    readonly Counter<long> failures;

    public ExecMetrics(Meter meter, Func<long> dropped, Func<long> requests)
    {
        received = meter.CreateCounter<long>("clustertrail.operator.execs.received", "{event}",
            "Exec events that agents beside API servers reported.");
        handedOver = meter.CreateCounter<long>("clustertrail.operator.execs.handed_over", "{event}",
            "Exec events that were handed over to agents that record processes.");
        notLocated = meter.CreateCounter<long>("clustertrail.operator.execs.not_located", "{event}",
            "Exec events whose pod was not found. All nodes get them.");
        failures = meter.CreateCounter<long>("clustertrail.operator.execs.failures", "{failure}",
            "Requests of the relay of execs that failed, by step: Ask, Locate, HandOver, or Turn for an error of its own. Meanwhile the "
            + "nodes cannot say that a process has no API event.");
        meter.CreateObservableCounter("clustertrail.operator.execs.dropped", dropped, "{event}",
            "Exec events that were not handed over: there were too many, or one is not as an agent writes it.");
        meter.CreateObservableCounter("clustertrail.operator.execs.pod_requests", requests, "{request}",
            "Pods that the relay of execs looked up.");
        foreach (var step in (string[])["Ask", "Locate", "HandOver", "Turn"])
            failures.Add(0, new KeyValuePair<string, object?>("step", step));
        received.Add(0);
        handedOver.Add(0);
        notLocated.Add(0);
    }

    public void Received(int events) => received.Add(events);

    public void HandedOver(int events) => handedOver.Add(events);

    public void NotLocated() => notLocated.Add(1);

    public void Failed(string step) => failures.Add(1, new KeyValuePair<string, object?>("step", step));
}
