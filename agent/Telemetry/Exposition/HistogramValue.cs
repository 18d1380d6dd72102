namespace ClusterTrail.Telemetry;

/// <summary>What a histogram has seen.</summary>
/// <param name="Bounds">The upper bounds of the buckets, without +Inf.</param>
/// <param name="Counts">How many values lie at or below each bound; one entry more than bounds, the last is the count of all.</param>
/// <param name="Sum">The sum of all values.</param>
public sealed record HistogramValue(IReadOnlyList<double> Bounds, IReadOnlyList<long> Counts, double Sum)
{
    public long Count => Counts[^1];
}
