using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Numerics;

namespace ClusterTrail.Telemetry;

/// <summary>Keeps the current value of every instrument of one meter.</summary>
/// <remarks>Guarantee: it listens to that instance only; a meter of the same name, of another agent in this process, is not heard.</remarks>
public sealed class MetricsCollector : IDisposable
{
    /// <summary>How many series one metric may have.</summary>
    public const int SeriesLimit = 1000;

    readonly Meter heard;
    readonly int seriesLimit;
    readonly Lock collecting = new();
    readonly ConcurrentDictionary<string, InstrumentSeries> counted = new();
    readonly ConcurrentDictionary<string, InstrumentSeries> observed = new();
    readonly MeterListener listener = new();
    readonly Counter<long> callbackErrors;
    long seriesRefused;

    public MetricsCollector(Meter meter, int limit = SeriesLimit)
    {
        (heard, seriesLimit) = (meter, limit);
        listener.InstrumentPublished = Enable;
        Hear<byte>();
        Hear<short>();
        Hear<int>();
        Hear<long>();
        Hear<float>();
        Hear<double>();
        Hear<decimal>();
        listener.Start();
        callbackErrors = meter.CreateCounter<long>("clustertrail.metrics.callback_errors", "{error}",
            "Gauges that could not be read for a page of metrics; they are missing from it. Should be 0: a bug of the agent.");
        callbackErrors.Add(0);
        meter.CreateObservableCounter("clustertrail.metrics.series_refused", () => Volatile.Read(ref seriesRefused), "{measurement}",
            "Measurements put into a metric's overflow series, because it had its limit of series. Should be 0: a bug of the agent.");
    }

    /// <summary>Everything as it is now, by name. Metrics without series are left out.</summary>
    public IReadOnlyList<MetricFamily> Collect()
    {
        lock (collecting)
        {
            Observe();
            return
            [
                .. counted.Values.Concat(observed.Values)
                    .Select(series => series.Read())
                    .Where(family => family.Points.Count > 0)
                    .OrderBy(family => family.Name, StringComparer.Ordinal),
            ];
        }
    }

    public void Dispose() => listener.Dispose();

    void Observe()
    {
        foreach (var series in observed.Values)
            series.Clear();
        try
        {
            // Asks every instrument, and throws only afterwards what some of them threw.
            listener.RecordObservableInstruments();
        }
        catch (AggregateException e)
        {
            callbackErrors.Add(e.InnerExceptions.Count);
        }
    }

    void Enable(Instrument instrument, MeterListener to)
    {
        if (!ReferenceEquals(instrument.Meter, heard))
            return;
        var shape = InstrumentShape.Of(instrument);
        var series = new InstrumentSeries(shape, seriesLimit, () => Interlocked.Increment(ref seriesRefused));
        // Two instruments of one name would make the page unreadable: the first one keeps it.
        var (mine, other) = instrument.IsObservable ? (observed, counted) : (counted, observed);
        if (!other.ContainsKey(shape.Name) && mine.TryAdd(shape.Name, series))
            to.EnableMeasurementEvents(instrument, series);
    }

    void Hear<T>() where T : struct, INumberBase<T> => listener.SetMeasurementEventCallback<T>(
        static (_, value, tags, series) => ((InstrumentSeries)series!).Record(double.CreateSaturating(value), tags));
}
