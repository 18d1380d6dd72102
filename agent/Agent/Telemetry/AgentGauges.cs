using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ClusterTrail.Contract.Status;
using ClusterTrail.Telemetry;

namespace ClusterTrail.Agent.Telemetry;

/// <summary>Values that are read at each scrape: each part of the agent registers a callback.</summary>
sealed class AgentGauges
{
    readonly ConcurrentDictionary<string, Func<SourceLag>> sources = new();
    readonly ConcurrentDictionary<string, Func<SinkStatus>> sinks = new();
    Func<SpoolLevel>? spool;
    Func<RunningConfiguration>? configuration;
    Func<ImmutabilityStatus?>? immutability;

    public AgentGauges(Meter meter, BuildInfo build)
    {
        Processes = new(meter);
        Receivers = new(meter);
        Feeds = new(meter);
        DescribeSources(meter);
        DescribeSpool(meter);
        DescribeSinks(meter);
        DescribeBuild(meter, build);
    }

    public ProcessEventInstruments Processes { get; }

    public ReceiverInstruments Receivers { get; }

    public FeedInstruments Feeds { get; }

    public void WatchSource(string source, Func<SourceLag> lag) => sources[source] = lag;

    public void WatchSpool(Func<SpoolLevel> level) => spool = level;

    public void WatchSink(string sink, Func<SinkStatus> status) => sinks[sink] = status;

    public void WatchImmutability(Func<ImmutabilityStatus?> found) => immutability = found;

    public void WatchConfiguration(Func<RunningConfiguration> running) => configuration = running;

    void DescribeSources(Meter meter)
    {
        meter.CreateObservableGauge("clustertrail.source.lag_seconds", () => Sources(lag => lag.Seconds), "s",
            "Age of the oldest event that is written but not yet read. Rising: the agent is too slow, or the spool is full.");
        meter.CreateObservableGauge("clustertrail.source.lag_bytes", () => Sources(lag => (double)lag.Bytes), "By",
            "Bytes that are written to the source but not yet read. Keep this well below what log rotation keeps, or events are lost.");
    }

    void DescribeSpool(Meter meter)
    {
        meter.CreateObservableGauge("clustertrail.spool.bytes", () => Spool(level => level.Bytes), "By",
            "Size of the sealed batches that wait on local disk for the sink. At the limit, the agent stops reading.");
        meter.CreateObservableGauge("clustertrail.spool.limit_bytes", () => Spool(level => level.LimitBytes), "By",
            "Limit of the spool's size.");
        meter.CreateObservableGauge("clustertrail.spool.batches", () => Spool(level => level.Batches), "{batch}",
            "Number of sealed batches that wait for the sink.");
        meter.CreateObservableGauge("clustertrail.spool.oldest_age_seconds", () => Spool(level => level.OldestAgeSeconds), "s",
            "Age of the oldest batch that waits in the spool and is not set aside. "
            + "Rising: the sink does not accept batches, see the upload errors.");
    }

    void DescribeSinks(Meter meter)
    {
        meter.CreateObservableGauge("clustertrail.last_delivery.timestamp_seconds", LastDeliveries, "s",
            "Time when the sink last confirmed a batch, in seconds since 1970. Missing until it has confirmed one.");
        meter.CreateObservableGauge("clustertrail.sink.aside_batches", AsideBatches, "{batch}",
            "Batches that the sink rejects while it accepts others. They stay in the spool, and the agent retries them at least hourly. "
            + "See firstAside in /status.");
        meter.CreateObservableGauge("clustertrail.sink.immutable", Immutable, unit: null,
            "1 if what the agent stores can neither be overwritten nor deleted with its credentials, 0 if it can. Missing if that was not "
            + "tried, or not found out. See immutability in /status.");
        meter.CreateObservableGauge("clustertrail.sink.immutable_timestamp_seconds", ImmutableAt, "s",
            "Time when this was found out, in seconds since 1970.");
    }

    void DescribeBuild(Meter meter, BuildInfo build)
    {
        meter.CreateObservableGauge("clustertrail.config_info", Configuration, unit: null,
            "Always 1. The labels are the hashes of the active configuration and selectors.");
        var dotnet = Environment.Version.ToString();
        meter.CreateObservableGauge("clustertrail.build_info",
            () => new Measurement<int>(1, new("version", build.Version), new("revision", build.Revision), new("dotnet", dotnet)),
            unit: null,
            "Always 1. The labels identify the build of the agent.");
    }

    IEnumerable<Measurement<double>> Sources(Func<SourceLag, double> value) =>
        sources.Select(source => new Measurement<double>(value(source.Value()), new KeyValuePair<string, object?>("source", source.Key)));

    IEnumerable<Measurement<double>> Spool(Func<SpoolLevel, double> value) => spool is { } level ? [new(value(level()))] : [];

    IEnumerable<Measurement<double>> LastDeliveries() =>
        from sink in sinks
        let at = sink.Value().LastDelivery?.At
        where at is not null
        select new Measurement<double>(at.Value.ToUnixTimeMilliseconds() / 1000.0, new KeyValuePair<string, object?>("sink", sink.Key));

    IEnumerable<Measurement<int>> AsideBatches() =>
        sinks.Select(sink => new Measurement<int>(sink.Value().AsideBatches ?? 0, new KeyValuePair<string, object?>("sink", sink.Key)));

    IEnumerable<Measurement<int>> Immutable() =>
        immutability?.Invoke()?.Immutable is { } immutable ? [new(immutable ? 1 : 0)] : [];

    IEnumerable<Measurement<double>> ImmutableAt() =>
        immutability?.Invoke() is { Immutable: not null } found ? [new(found.At.ToUnixTimeMilliseconds() / 1000.0)] : [];

    IEnumerable<Measurement<int>> Configuration()
    {
        if (configuration?.Invoke() is { } running)
            yield return new(1, new("config_hash", running.ConfigHash), new("selectors_hash", running.SelectorsHash));
    }
}
