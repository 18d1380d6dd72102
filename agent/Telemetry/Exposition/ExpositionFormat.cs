namespace ClusterTrail.Telemetry;

/// <summary>The text formats that Prometheus reads.</summary>
public enum ExpositionFormat
{
    PrometheusText,
    OpenMetrics,
}
