namespace ClusterTrail.Agent.Telemetry;

/// <summary>The text formats that Prometheus reads.</summary>
enum ExpositionFormat
{
    PrometheusText,
    OpenMetrics,
}
