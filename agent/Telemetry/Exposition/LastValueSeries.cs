namespace ClusterTrail.Telemetry;

/// <summary>Keeps the value last recorded: a gauge, or anything that is observed and not counted.</summary>
public sealed class LastValueSeries(Label[] labels) : Series(labels)
{
    double last;

    public override void Record(double value) => Volatile.Write(ref last, value);

    public override MetricPoint Read() => new(Labels, Volatile.Read(ref last));
}
