using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Prometheus;

namespace ClusterTrail.Telemetry.Exposition;

/// <summary>All series of one instrument, each a child of prometheus-net.</summary>
/// <remarks>
/// Guarantees: recording to a series that exists allocates nothing. Memory is bounded: when there are <c>limit</c> series,
/// new ones share one overflow series, labelled as OpenTelemetry labels its own, so that sums over all series stay right.
/// Assumption: no tag begins with two underscores, and none of a histogram's is <c>le</c>: prometheus-net refuses these.
/// </remarks>
/// <param name="instrument">Gives type, name, unit and help.</param>
/// <param name="factory">Where the children are made.</param>
/// <param name="limit">How many series there may be.</param>
/// <param name="refused">Called for each measurement that went to the overflow series.</param>
public sealed class InstrumentSeries(Instrument instrument, MetricFactory factory, int limit, Action refused)
{
    // OpenTelemetry's own default, for a histogram without advice.
    static readonly double[] DefaultBounds = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];
    static readonly KeyValuePair<string, object?>[] OverflowTags = [new("otel_metric_overflow", "true")];

    readonly Lock adding = new();
    readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series> series = new(TagComparer.Instance);
    readonly Type type = instrument.GetType().GetGenericTypeDefinition();

    // prometheus-net writes help as it gets it.
    readonly string help = (instrument.Description ?? "")
        .Replace(@"\", @"\\", StringComparison.Ordinal)
        .Replace("\n", @"\n", StringComparison.Ordinal);

    ConcurrentDictionary<KeyValuePair<string, object?>[], Series>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> ByTags =>
        series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();

    /// <summary>Its name in Prometheus; for a counter without <c>_total</c>.</summary>
    public string Name { get; } = MetricName.Family(instrument.Name, instrument.Unit);

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!ByTags.TryGetValue(tags, out var found))
            found = Add(tags);
        found.Record(value);
    }

    /// <summary>Removes each series that was not recorded since the last call: what is no longer observed is no longer shown.</summary>
    public void RemoveUnobserved()
    {
        foreach (var (tags, each) in series)
            if (!each.TakeIsRecorded() && series.TryRemove(tags, out _))
                each.Remove();
    }

    Series Add(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (adding)
        {
            if (ByTags.TryGetValue(tags, out var found))
                return found;
            if (series.Count < limit)
                return series[tags.ToArray()] = SeriesOf(tags);
            refused();
            return series.TryGetValue(OverflowTags, out var shared) ? shared : series[OverflowTags] = SeriesOf(OverflowTags);
        }
    }

    Series SeriesOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in tags)
            labels[MetricName.Label(tag.Key)] = Text(tag.Value);
        return SeriesOf([.. labels.Keys], [.. labels.Values]);
    }

    Series SeriesOf(string[] labels, string[] values)
    {
        if (type == typeof(Histogram<>))
        {
            var histogram = factory.CreateHistogram(Name, help, labels, new()
            {
                Buckets = Bounds(),
                SuppressInitialValue = true,
                ExemplarBehavior = ExemplarBehavior.NoExemplars(),
            }).WithLabels(values);
            return new(value => histogram.Observe(value), histogram.Remove);
        }
        if (type == typeof(Counter<>) || type == typeof(ObservableCounter<>))
        {
            var counter = factory.CreateCounter($"{Name}_total", help, labels, new()
            {
                SuppressInitialValue = true,
                ExemplarBehavior = ExemplarBehavior.NoExemplars(),
            }).WithLabels(values);
            return instrument.IsObservable ? new(counter.IncTo, counter.Remove) : new(Increase, counter.Remove);

            void Increase(double value)
            {
                // It throws at what is negative.
                if (value >= 0 && double.IsFinite(value))
                    counter.Inc(value);
            }
        }
        var gauge = factory.CreateGauge(Name, help, labels, new() { SuppressInitialValue = true }).WithLabels(values);
        return new(type == typeof(UpDownCounter<>) ? gauge.Inc : gauge.Set, gauge.Remove);
    }

    double[] Bounds()
    {
        var advised = instrument switch
        {
            Histogram<double> histogram => histogram.Advice?.HistogramBucketBoundaries,
            Histogram<long> histogram => histogram.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound),
            Histogram<int> histogram => histogram.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound),
            _ => null,
        };
        return [.. (advised ?? DefaultBounds).Where(double.IsFinite), double.PositiveInfinity];
    }

    static string Text(object? value) => value is bool truth
        ? truth ? "true" : "false"
        : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    sealed class Series(Action<double> record, Action remove)
    {
        bool isRecorded;

        public void Record(double value)
        {
            isRecorded = true;
            record(value);
        }

        public bool TakeIsRecorded() => Interlocked.Exchange(ref isRecorded, false);

        public void Remove() => remove();
    }
}
