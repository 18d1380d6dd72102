using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ClusterTrail.Telemetry;
using ClusterTrail.Telemetry.Exposition;

namespace ClusterTrail.Agent.Telemetry;

/// <summary>Everything the agent counts and shows: one meter, one set of instruments for each agent.</summary>
/// <remarks>Guarantee: no label carries a user, an object's name or an id of an event.</remarks>
sealed class AgentMetrics : IDisposable
{
    public const string MeterName = "ClusterTrail";

    readonly SourceInstruments sourceInstruments;
    readonly SinkInstruments sinkInstruments;
    readonly Counter<long> selectorsReloads;
    readonly Counter<long> configReloads;
    readonly ConcurrentDictionary<string, SourceMetrics> sources = new();
    readonly ConcurrentDictionary<string, SinkMetrics> sinks = new();

    public AgentMetrics(BuildInfo build)
    {
        Meter = new(MeterName, build.Version);
        // Listens before the first measurement: otherwise no counter would start at 0.
        Collector = new(Meter);
        sourceInstruments = new(Meter);
        sinkInstruments = new(Meter);
        selectorsReloads = Meter.CreateCounter<long>("clustertrail.selectors.reloads", "{reload}",
            "Reloads of the selectors file. Refused: the file is invalid, and the last valid selectors stay active.");
        configReloads = Meter.CreateCounter<long>("clustertrail.config.reloads", "{reload}",
            "Reloads of agent.json. Refused: the file is invalid, and nothing changes. Accepted: a change of logging takes effect "
            + "immediately, other changes at the next start.");
        Gauges = new(Meter, build);
        Digests = new(Meter);
        ProcessGauges.Describe(Meter);
        foreach (var accepted in (bool[])[true, false])
        {
            Reloaded(selectorsReloads, accepted, 0);
            Reloaded(configReloads, accepted, 0);
        }
    }

    public Meter Meter { get; }

    public MetricsCollector Collector { get; }

    public AgentGauges Gauges { get; }

    public DigestMetrics Digests { get; }

    /// <summary>The counters of a source; from the first call on they are shown, at 0.</summary>
    public SourceMetrics DeclareSource(string name) => sources.GetOrAdd(name, source => new(sourceInstruments, source));

    /// <summary>The instruments of a sink; from the first call on its usual errors are shown, at 0.</summary>
    public SinkMetrics DeclareSink(string name) => sinks.GetOrAdd(name, sink => new(sinkInstruments, sink));

    public void SelectorsReloaded(bool accepted) => Reloaded(selectorsReloads, accepted, 1);

    public void ConfigurationReloaded(bool accepted) => Reloaded(configReloads, accepted, 1);

    public void Dispose()
    {
        Collector.Dispose();
        Meter.Dispose();
    }

    static void Reloaded(Counter<long> reloads, bool accepted, int times) =>
        reloads.Add(times, new KeyValuePair<string, object?>("result", accepted ? "Accepted" : "Refused"));
}
