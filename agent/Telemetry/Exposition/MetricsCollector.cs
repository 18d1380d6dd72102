using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Numerics;
using Prometheus;

namespace ClusterTrail.Telemetry.Exposition;

/// <summary>Keeps the measurements of one meter in a prometheus-net registry, which writes them as text.</summary>
/// <remarks>
/// Guarantee: it listens to that instance only, not to a meter of the same name that belongs to another agent in this process.
/// </remarks>
public sealed class MetricsCollector : IDisposable
{
    /// <summary>How many series one metric may have.</summary>
    public const int SeriesLimit = 1000;

    readonly Meter meter;
    readonly int seriesLimit;
    readonly CollectorRegistry registry = Metrics.NewCustomRegistry();
    readonly MetricFactory factory;
    readonly Lock observing = new();
    readonly ConcurrentDictionary<string, InstrumentSeries> instruments = new();
    readonly ConcurrentBag<InstrumentSeries> observed = [];
    readonly MeterListener listener = new();
    readonly Counter<long> callbackErrors;
    long seriesRefused;

    public MetricsCollector(Meter meter, int limit = SeriesLimit)
    {
        (this.meter, seriesLimit, factory) = (meter, limit, Metrics.WithCustomRegistry(registry));
        listener.InstrumentPublished = Enable;
        Listen<byte>();
        Listen<short>();
        Listen<int>();
        Listen<long>();
        Listen<float>();
        Listen<double>();
        Listen<decimal>();
        listener.Start();
        callbackErrors = meter.CreateCounter<long>("clustertrail.metrics.callback_errors", "{error}",
            "Gauges that could not be read at a scrape and are missing from the page. Should be 0; otherwise it is a bug in ClusterTrail.");
        callbackErrors.Add(0);
        meter.CreateObservableCounter("clustertrail.metrics.series_refused", () => Volatile.Read(ref seriesRefused), "{measurement}",
            "Measurements that went to a metric's overflow series, because the metric has reached its limit of series. "
            + "Should be 0; otherwise it is a bug in ClusterTrail.");
    }

    /// <summary>Writes everything as it is now. A metric that never had a series is left out.</summary>
    public Task WriteAsync(Stream page, ExpositionFormat format, CancellationToken cancellationToken)
    {
        lock (observing)
            Observe();
        return registry.CollectAndExportAsTextAsync(page, format, cancellationToken);
    }

    public void Dispose() => listener.Dispose();

    void Observe()
    {
        try
        {
            // Asks every instrument, and throws only afterwards what some of them threw.
            listener.RecordObservableInstruments();
        }
        catch (AggregateException e)
        {
            callbackErrors.Add(e.InnerExceptions.Count);
        }
        foreach (var instrument in observed)
            instrument.RemoveUnobserved();
    }

    void Enable(Instrument instrument, MeterListener to)
    {
        if (!ReferenceEquals(instrument.Meter, meter))
            return;
        var series = new InstrumentSeries(instrument, factory, seriesLimit, () => Interlocked.Increment(ref seriesRefused));
        // Two instruments of one name would make the page unreadable: the first one keeps it.
        if (!instruments.TryAdd(series.Name, series))
            return;
        if (instrument.IsObservable)
            observed.Add(series);
        to.EnableMeasurementEvents(instrument, series);
    }

    void Listen<T>() where T : struct, INumberBase<T> => listener.SetMeasurementEventCallback<T>(
        static (_, value, tags, series) => ((InstrumentSeries)series!).Record(double.CreateSaturating(value), tags));
}
