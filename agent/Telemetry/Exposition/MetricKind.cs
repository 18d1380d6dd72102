namespace ClusterTrail.Telemetry;

public enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}
