using System.Diagnostics.Metrics;

namespace ClusterTrail.Telemetry;

/// <summary>What becomes of an instrument: its name in Prometheus, its kind, and how its series are recorded.</summary>
public sealed record InstrumentShape(string Name, MetricKind Kind, string Unit, string Help, Func<Label[], Series> NewSeries)
{
    // OpenTelemetry's own default, for a histogram that brings no advice.
    static readonly double[] DefaultBounds = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];

    public static InstrumentShape Of(Instrument instrument)
    {
        var name = MetricName.Family(instrument.Name, instrument.Unit);
        var kind = KindOf(instrument);
        return new(name, kind, MetricName.Unit(name, instrument.Unit), instrument.Description ?? "", SeriesOf(instrument, kind));
    }

    static MetricKind KindOf(Instrument instrument)
    {
        var type = instrument.GetType().GetGenericTypeDefinition();
        if (type == typeof(Counter<>) || type == typeof(ObservableCounter<>))
            return MetricKind.Counter;
        return type == typeof(Histogram<>) ? MetricKind.Histogram : MetricKind.Gauge;
    }

    static Func<Label[], Series> SeriesOf(Instrument instrument, MetricKind kind)
    {
        if (kind == MetricKind.Histogram)
        {
            var bounds = BoundsOf(instrument);
            return labels => new HistogramSeries(labels, bounds);
        }
        if (kind == MetricKind.Counter && !instrument.IsObservable)
            return labels => new SumSeries(labels, onlyGrows: true);
        if (instrument.GetType().GetGenericTypeDefinition() == typeof(UpDownCounter<>))
            return labels => new SumSeries(labels, onlyGrows: false);
        return labels => new LastValueSeries(labels);
    }

    static double[] BoundsOf(Instrument instrument)
    {
        var advised = instrument switch
        {
            Histogram<double> histogram => histogram.Advice?.HistogramBucketBoundaries,
            Histogram<long> histogram => histogram.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound),
            Histogram<int> histogram => histogram.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound),
            _ => null,
        };
        return advised is null ? DefaultBounds : [.. advised.Where(double.IsFinite)];
    }
}
