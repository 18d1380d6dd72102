namespace ClusterTrail.Telemetry;

/// <summary>One series while it is being recorded. Any thread may record and read.</summary>
public abstract class Series(Label[] labels)
{
    protected Label[] Labels => labels;

    public abstract void Record(double value);

    public abstract MetricPoint Read();
}
