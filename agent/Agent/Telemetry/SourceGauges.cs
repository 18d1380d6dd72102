using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace ClusterTrail.Agent.Telemetry;

/// <summary>Gauges of the status of sources, each with the label source. Without a source nothing is shown.</summary>
sealed class SourceGauges<T>(Meter meter)
{
    readonly ConcurrentDictionary<string, Func<T>> sources = new();

    public void Watch(string source, Func<T> status) => sources[source] = status;

    /// <param name="value">Null shows nothing of that source.</param>
    public void Add(string name, string unit, Func<T, double?> value, string description) => meter.CreateObservableGauge(
        name,
        () => from source in sources
              let now = value(source.Value())
              where now is not null
              select new Measurement<double>(now.Value, new KeyValuePair<string, object?>("source", source.Key)),
        unit, description);

    /// <summary>The same of a time, in seconds since 1970.</summary>
    public void AddTime(string name, Func<T, DateTimeOffset?> value, string description) =>
        Add(name, "s", status => value(status)?.ToUnixTimeMilliseconds() / 1000.0, description);
}
