using System.Globalization;
using System.Text;
using ClusterTrail.Telemetry.Exposition;
using Prometheus;

namespace ClusterTrail.Agent.Tests.Telemetry;

/// <summary>What a collector writes, and what stands in it.</summary>
static class MetricsText
{
    public static string Page(this MetricsCollector collector, ExpositionFormat format = ExpositionFormat.PrometheusText)
    {
        using var page = new MemoryStream();
        collector.WriteAsync(page, format, CancellationToken.None).GetAwaiter().GetResult();
        return Encoding.UTF8.GetString(page.ToArray());
    }

    /// <summary>The lines of the samples of this name, as they are written.</summary>
    public static IReadOnlyList<string> Samples(this MetricsCollector collector, string name) =>
        [.. collector.Page().Split('\n').Where(line => line.StartsWith(name, StringComparison.Ordinal) && line[name.Length] is '{' or ' ')];

    /// <summary>What was counted, over all series or over those in which some label has this value.</summary>
    public static double Counted(this MetricsCollector collector, string counter, string? label = null)
    {
        var samples = collector.Samples($"{counter}_total");
        Assert.NotEmpty(samples);
        return samples.Where(sample => label is null || sample.Contains($"=\"{label}\"", StringComparison.Ordinal)).Sum(ValueOf);
    }

    public static double ValueOf(string sample) => double.Parse(sample.AsSpan(sample.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture);

    /// <summary>Name and type of each family.</summary>
    public static IReadOnlyList<(string Name, string Type)> Families(this MetricsCollector collector) =>
    [
        .. from line in collector.Page().Split('\n')
           where line.StartsWith("# TYPE ", StringComparison.Ordinal)
           let words = line.Split(' ')
           orderby words[2]
           select (words[2], words[3]),
    ];
}
