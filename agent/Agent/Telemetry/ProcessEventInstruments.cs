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

        meter.CreateObservableCounter("clustertrail.processes.entered",
            () => from source in sources
                  let joined = source.Value().Join
                  where joined is not null
                  from result in Results(joined)
                  select new Measurement<long>(result.Value, new("source", source.Key), new("result", result.Name)),
            "{process}",
            "Processes that came into a container from outside. Joined: the API event that started it is known. Ambiguous: several could "
            + "have. Kubelet: a probe or a hook. Unexplained: no API event. NotEvaluable: API events were not handed over.");
        meter.CreateObservableGauge("clustertrail.processes.join_live",
            () => sources.Where(source => source.Value().Join is { IsExpected: true }).Select(source => new Measurement<int>(
                source.Value().Join!.IsLive ? 1 : 0, new KeyValuePair<string, object?>("source", source.Key))),
            unit: null,
            "1 while the operator hands over all exec events of the API servers. 0: exec-without-api-event is not evaluated; /status "
            + "says why.");
        Counter("clustertrail.processes.refused_handovers", status => status.Join?.Refused ?? 0,
            "Handovers that were refused: not signed, old, or of another operator. A steady increase: somebody pretends to be the operator.");

        void Counter(string name, Func<ProcessesStatus, long> value, string description) => meter.CreateObservableCounter(
            name,
            () => sources.Select(source => new Measurement<long>(
                value(source.Value()), new KeyValuePair<string, object?>("source", source.Key))),
            "{event}", description);
    }

    static IEnumerable<(string Name, long Value)> Results(JoinStatus join) =>
    [
        ("Joined", join.Joined), ("Ambiguous", join.Ambiguous), ("Kubelet", join.OfKubelet), ("Unexplained", join.Unexplained),
        ("NotEvaluable", join.NotEvaluable),
    ];

    public void Watch(string source, Func<ProcessesStatus> status) => sources[source] = status;
}
