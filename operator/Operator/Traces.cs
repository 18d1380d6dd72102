using ClusterTrail.Operator.Reconcile;
using ClusterTrail.Telemetry;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ClusterTrail.Operator;

/// <summary>
/// Pushes traces of reconciles to an OpenTelemetry collector, if the environment names one (OTEL_EXPORTER_OTLP_ENDPOINT).
/// </summary>
static partial class Traces
{
    /// <returns>What to dispose of at the end; nothing if no push is configured, or if it cannot be set up.</returns>
    public static IDisposable? Start(string identity, ILogger logger)
    {
        if (string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT"))
            && string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")))
        {
            return null;
        }
        try
        {
            return Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(ResourceBuilder.CreateDefault()
                    .AddService("clustertrail-operator", serviceVersion: BuildInfo.Current.Version, serviceInstanceId: identity))
                .AddSource(TrailReconciler.ActivityName)
                .AddOtlpExporter()
                .Build();
        }
        catch (Exception e)
        {
            LogNotStarted(logger, e.Message);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Error, "Traces are not pushed: {Reason}")]
    static partial void LogNotStarted(ILogger logger, string reason);
}
