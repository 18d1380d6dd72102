using System.Collections.Concurrent;

namespace ClusterTrail.Telemetry;

/// <summary>All series of one instrument.</summary>
/// <remarks>
/// Guarantees: recording to a series that is there allocates nothing. Memory is bounded: when there are <c>limit</c> series,
/// new ones share one overflow series, labelled as OpenTelemetry labels its own, so that sums over all series stay right.
/// </remarks>
/// <param name="shape">What the instrument becomes.</param>
/// <param name="limit">How many series there may be.</param>
/// <param name="refused">Is told of each measurement that went to the overflow series.</param>
public sealed class InstrumentSeries(InstrumentShape shape, int limit, Action refused)
{
    static readonly Label OverflowLabel = new("otel_metric_overflow", "true");

    readonly Lock adding = new();
    readonly ConcurrentDictionary<KeyValuePair<string, object?>[], Series> series = new(TagComparer.Instance);
    Series? overflow;

    ConcurrentDictionary<KeyValuePair<string, object?>[], Series>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> ByTags =>
        series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!ByTags.TryGetValue(tags, out var found))
            found = Add(tags);
        found.Record(value);
    }

    /// <summary>Forgets all series. What is observed is shown only if it was observed this time.</summary>
    public void Clear()
    {
        lock (adding)
        {
            series.Clear();
            overflow = null;
        }
    }

    public MetricFamily Read()
    {
        var points = series.Values.Select(each => each.Read()).ToList();
        if (overflow is { } shared)
            points.Add(shared.Read());
        points.Sort(MetricPoint.Compare);
        return new(shape.Name, shape.Kind, shape.Unit, shape.Help, points);
    }

    Series Add(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (adding)
        {
            if (ByTags.TryGetValue(tags, out var found))
                return found;
            if (series.Count < limit)
                return series[tags.ToArray()] = shape.NewSeries(Label.Of(tags));
            refused();
            return overflow ??= shape.NewSeries([OverflowLabel]);
        }
    }
}
