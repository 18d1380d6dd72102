using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Agent.Telemetry;

/// <summary>What sources of processes count. Without such a source nothing is shown.</summary>
sealed class ProcessEventInstruments
{
    readonly ConcurrentDictionary<string, Func<ProcessesStatus>> sources = new();

    public ProcessEventInstruments(Meter meter)
    {
        Counter("clustertrail.processes.recorded_events", status => status.RecordedEvents,
            "Programs that containers executed, written to the journal. No increase while containers start: see processes.method_info.");
        Counter("clustertrail.processes.lost_events", status => status.LostEvents,
            "Executions that the kernel could not hand over in time. Any increase is lost history: the agent needs more CPU.");
        Counter("clustertrail.processes.rate_limited_events", status => status.RateLimitedEvents,
            "Executions that are not recorded, because one container started more programs than eventsPerSecond.");
        Counter("clustertrail.processes.unattributed_events", status => status.UnattributedEvents,
            "Executions in containers that no pod is known of. They are not recorded while only some namespaces are.");
        meter.CreateObservableGauge("clustertrail.processes.method_info",
            () => sources.Select(source => new Measurement<int>(
                1, new("source", source.Key), new("method", source.Value().Method.ToString()))),
            unit: null,
            "Always 1. The label is how the agent sees processes: KernelProgram, ProcessConnector (less complete) or None.");

        void Counter(string name, Func<ProcessesStatus, long> value, string description) => meter.CreateObservableCounter(
            name,
            () => sources.Select(source => new Measurement<long>(
                value(source.Value()), new KeyValuePair<string, object?>("source", source.Key))),
            "{event}", description);
    }

    public void Watch(string source, Func<ProcessesStatus> status) => sources[source] = status;
}
