namespace ClusterTrail.Agent.Telemetry;

enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}
