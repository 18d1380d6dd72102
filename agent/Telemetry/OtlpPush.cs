using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace ClusterTrail.Telemetry;

/// <summary>The only type that knows OpenTelemetry's SDK, so that the runtime loads it with this type, or not at all.</summary>
public sealed class OtlpPush : IDisposable
{
    // An unavailable collector must not delay the shutdown.
    const int LastPushMilliseconds = 2000;

    readonly MeterProvider provider;

    OtlpPush(MeterProvider started) => provider = started;

    public static OtlpPush Start(Meter meter, OtlpResource resource, IConfiguration environment) => new(Sdk.CreateMeterProviderBuilder()
        .ConfigureServices(services => services.AddSingleton(ForMetrics(environment)))
        .SetResourceBuilder(Describe(resource))
        .AddMeter(meter.Name)
        // A meter of the same name can belong to another agent in this process.
        .AddView(instrument => ReferenceEquals(instrument.Meter, meter) ? null : MetricStreamConfiguration.Drop)
        .AddOtlpExporter(exporter =>
        {
            if (environment[OtlpExport.MetricsEndpoint] is { } endpoint && !string.IsNullOrWhiteSpace(endpoint))
                exporter.Endpoint = new(endpoint);
        })
        .Build());

    public void Dispose()
    {
        provider.Shutdown(LastPushMilliseconds);
        provider.Dispose();
    }

    // The exporter reads the variables of all signals only. Those for metrics win over them, says the specification.
    static IConfiguration ForMetrics(IConfiguration environment) => new ConfigurationBuilder()
        .AddConfiguration(environment)
        .AddInMemoryCollection(
            from setting in (string[])["PROTOCOL", "HEADERS", "TIMEOUT", "COMPRESSION"]
            let own = environment[$"OTEL_EXPORTER_OTLP_METRICS_{setting}"]
            where !string.IsNullOrWhiteSpace(own)
            select KeyValuePair.Create<string, string?>($"OTEL_EXPORTER_OTLP_{setting}", own))
        .Build();

    // What OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say comes last, and wins.
    static ResourceBuilder Describe(OtlpResource resource) => ResourceBuilder.CreateEmpty()
        .AddTelemetrySdk()
        .AddService("clustertrail-agent", serviceVersion: resource.Version, serviceInstanceId: resource.InstanceId)
        .AddAttributes(
        [
            new("k8s.cluster.name", resource.ClusterName),
            new("k8s.node.name", resource.NodeName),
        ])
        .AddEnvironmentVariableDetector();
}
