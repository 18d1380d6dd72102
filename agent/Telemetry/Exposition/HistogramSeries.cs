namespace ClusterTrail.Telemetry;

/// <summary>Counts values into buckets.</summary>
public sealed class HistogramSeries(Label[] labels, double[] bounds) : Series(labels)
{
    readonly Lock gate = new();
    readonly long[] counts = new long[bounds.Length + 1];
    double sum;

    public override void Record(double value)
    {
        var bucket = 0;
        // Written so that NaN, which is at or below nothing, ends in the last bucket.
        while (bucket < bounds.Length && !(value <= bounds[bucket]))
            bucket++;
        lock (gate)
        {
            counts[bucket]++;
            sum += value;
        }
    }

    public override MetricPoint Read()
    {
        var cumulative = new long[counts.Length];
        lock (gate)
        {
            for (var i = 0; i < counts.Length; i++)
                cumulative[i] = counts[i] + (i == 0 ? 0 : cumulative[i - 1]);
            return new(Labels, Value: sum, new HistogramValue(bounds, cumulative, sum));
        }
    }
}
