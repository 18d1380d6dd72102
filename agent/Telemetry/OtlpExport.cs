using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Telemetry;

/// <summary>Pushes the metrics to an OpenTelemetry collector, if the environment names one.</summary>
/// <remarks>
/// Guarantees: an unavailable or wrong collector affects only the push. Nothing of OpenTelemetry is loaded unless it is configured.
/// Caveat: it sees what is counted after it started, so it starts before sources and sinks are declared.
/// </remarks>
public static partial class OtlpExport
{
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    public const string MetricsEndpoint = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";

    /// <param name="environment">The standard variables, OTEL_EXPORTER_OTLP_ENDPOINT and so on, by name.</param>
    /// <returns>
    /// What to dispose of at the end, to push the last values; nothing if no push is asked for, or if it cannot be set up.
    /// </returns>
    public static IDisposable? Start(Meter meter, OtlpResource resource, IConfiguration environment, ILogger logger)
    {
        if (!IsConfigured(environment))
            return null;
        try
        {
            return OtlpPush.Start(meter, resource, environment);
        }
        catch (Exception e)
        {
            LogNotStarted(logger, e.Message);
            return null;
        }
    }

    static bool IsConfigured(IConfiguration environment) =>
        (IsSet(environment, Endpoint) || IsSet(environment, MetricsEndpoint))
        && !Is(environment, "OTEL_SDK_DISABLED", "true")
        && !Is(environment, "OTEL_METRICS_EXPORTER", "none");

    static bool IsSet(IConfiguration environment, string variable) => !string.IsNullOrWhiteSpace(environment[variable]);

    static bool Is(IConfiguration environment, string variable, string value) =>
        string.Equals(environment[variable]?.Trim(), value, StringComparison.OrdinalIgnoreCase);

    [LoggerMessage(LogLevel.Warning, "Metrics are not pushed to OpenTelemetry: {Reason}")]
    static partial void LogNotStarted(ILogger logger, string reason);
}
