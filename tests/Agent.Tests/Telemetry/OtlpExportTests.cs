using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests.Telemetry;

public sealed class OtlpExportTests
{
    [Fact]
    public async Task MetricsReachTheCollectorWithTheAgentsIdentity()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var metrics = new AgentMetrics(new("0.1.0", "246c6df"));
        using var other = new AgentMetrics(new("0.1.0", "246c6df"));

        using (Start(metrics, new() { [OtlpExport.Endpoint] = receiver.Url }))
        {
            metrics.DeclareSource("apiserver");
            other.DeclareSource("another-agents-source");
        }

        var (path, body) = await receiver.NextAsync();
        Assert.Equal("/v1/metrics", path);
        string[] expected =
        [
            "clustertrail.source.read_events", "clustertrail.build_info", "apiserver", "service.name", "clustertrail-agent",
            "service.instance.id", "cp-1/main", "k8s.cluster.name", "prod-eu", "k8s.node.name",
        ];
        Assert.All(expected, text => Assert.Contains(text, body));
        Assert.DoesNotContain("another-agents-source", body);
    }

    [Fact]
    public async Task TheEndpointForMetricsIsUsedAsItIs()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var metrics = new AgentMetrics(new("0.1.0", "246c6df"));

        Start(metrics,
            new() { [OtlpExport.MetricsEndpoint] = receiver.Url + "/own/path", [OtlpExport.Endpoint] = "http://127.0.0.1:1" })!.Dispose();

        var (path, _) = await receiver.NextAsync();
        Assert.Equal("/own/path", path);
    }

    [Fact]
    public async Task TheEnvironmentNamesTheServiceAndSetsThePace()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var metrics = new AgentMetrics(new("0.1.0", "246c6df"));

        using var export = Start(metrics, new()
        {
            [OtlpExport.Endpoint] = receiver.Url,
            ["OTEL_SERVICE_NAME"] = "audit",
            ["OTEL_RESOURCE_ATTRIBUTES"] = "team=security",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "50",
        });

        var (_, body) = await receiver.NextAsync();
        Assert.Contains("audit", body);
        Assert.Contains("security", body);
        Assert.DoesNotContain("clustertrail-agent", body);
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(" ", null, null)]
    [InlineData("http://127.0.0.1:1", "OTEL_SDK_DISABLED", "True")]
    [InlineData("http://127.0.0.1:1", "OTEL_METRICS_EXPORTER", "none")]
    public void NothingIsPushedUnlessItIsAskedFor(string? endpoint, string? variable, string? value)
    {
        using var metrics = new AgentMetrics(new("0.1.0", "246c6df"));

        var export = Start(metrics, new() { [OtlpExport.Endpoint] = endpoint, [variable ?? "UNUSED"] = value });

        Assert.Null(export);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("no url at all")]
    public void ACollectorThatIsNotThereDisturbsNothing(string endpoint)
    {
        using var metrics = new AgentMetrics(new("0.1.0", "246c6df"));

        using (Start(metrics, new() { [OtlpExport.Endpoint] = endpoint, ["OTEL_METRIC_EXPORT_INTERVAL"] = "10" }))
            metrics.DeclareSource("apiserver").Read(1, 1);

        Assert.NotEmpty(metrics.Collector.Families());
    }

    [Fact]
    public void ACollectorThatNeverAnswersDoesNotHoldUpTheEnd()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var metrics = new AgentMetrics(new("0.1.0", "246c6df"));
        var export = Start(metrics, new() { [OtlpExport.Endpoint] = $"http://{silent.LocalEndpoint}" });

        var watch = Stopwatch.StartNew();
        export!.Dispose();

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(6));
    }

    static IDisposable? Start(AgentMetrics metrics, Dictionary<string, string?> environment)
    {
        environment.TryAdd("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(environment).Build();
        return OtlpExport.Start(metrics.Meter, new("0.1.0", "cp-1/main", "prod-eu", "cp-1"), configuration, NullLogger.Instance);
    }
}
