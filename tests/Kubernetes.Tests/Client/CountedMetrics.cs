using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace ClusterTrail.Kubernetes.Tests.Client;

/// <summary>Metrics of one test, and what they came to.</summary>
sealed class CountedMetrics : IDisposable
{
    readonly Meter meter = new(KubernetesMetrics.MeterName);
    readonly MeterListener listener = new();
    readonly ConcurrentQueue<(string Instrument, double Value, string Labels)> measured = [];

    public CountedMetrics()
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (ReferenceEquals(instrument.Meter, meter))
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => Note(instrument, value, labels));
        listener.SetMeasurementEventCallback<int>((instrument, value, labels, _) => Note(instrument, value, labels));
        listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) => Note(instrument, value, labels));
        listener.Start();
        Metrics = new(meter);
    }

    public KubernetesMetrics Metrics { get; }

    /// <param name="label">Only what carries this label, such as <c>reason=Gone</c>.</param>
    public double Sum(string instrument, string label = "") =>
        measured.Where(one => one.Instrument == instrument && one.Labels.Contains(label, StringComparison.Ordinal)).Sum(one => one.Value);

    public int Count(string instrument) => measured.Count(one => one.Instrument == instrument);

    public void Observe() => listener.RecordObservableInstruments();

    public void Dispose()
    {
        listener.Dispose();
        meter.Dispose();
    }

    void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels) =>
        measured.Enqueue((instrument.Name, value, string.Join(',', labels.ToArray().Select(label => $"{label.Key}={label.Value}"))));
}
