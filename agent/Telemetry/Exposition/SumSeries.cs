namespace ClusterTrail.Telemetry;

/// <summary>Adds up what is recorded: a counter, which never falls, or an up-down counter.</summary>
public sealed class SumSeries(Label[] labels, bool onlyGrows) : Series(labels)
{
    double sum;

    public override void Record(double value)
    {
        if (!double.IsFinite(value) || (onlyGrows && value < 0))
            return;
        double before;
        do
            before = Volatile.Read(ref sum);
        while (Interlocked.CompareExchange(ref sum, before + value, before) != before);
    }

    public override MetricPoint Read() => new(Labels, Volatile.Read(ref sum));
}
