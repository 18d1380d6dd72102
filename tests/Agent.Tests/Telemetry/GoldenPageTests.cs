using System.Text.RegularExpressions;
using ClusterTrail.Fixtures;
using Prometheus;

namespace ClusterTrail.Agent.Tests.Telemetry;

/// <summary>Dashboards, alerts and scrapers live on these pages: names, types, labels, buckets, help and the form of numbers.</summary>
public sealed partial class GoldenPageTests
{
    [Theory]
    [InlineData(ExpositionFormat.PrometheusText, "metrics.txt")]
    [InlineData(ExpositionFormat.OpenMetricsText, "openmetrics.txt")]
    public void ThePageIsAsItWas(ExpositionFormat format, string golden)
    {
        using var metrics = SomeTelemetry.Metrics();

        var page = metrics.Collector.Page(format);

        Golden.Check(Repository.PathOf("tests", "Agent.Tests", "Telemetry", "golden", golden), MetricsPage.Sorted(OfAnyProcess(page)));
    }

    /// <summary>Leaves out what differs from run to run.</summary>
    static string OfAnyProcess(string page) => Runtime.Replace(ProcessValue.Replace(page, "$1 *"), "dotnet=\"*\"");

    [GeneratedRegex("^(process_[a-z_]+) [^ ]+$", RegexOptions.Multiline)]
    static partial Regex ProcessValue { get; }

    [GeneratedRegex("dotnet=\"[^\"]+\"")]
    static partial Regex Runtime { get; }
}
