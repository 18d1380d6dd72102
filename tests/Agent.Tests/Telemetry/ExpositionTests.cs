using System.Diagnostics.Metrics;
using System.Globalization;
using ClusterTrail.Telemetry.Exposition;
using Prometheus;

namespace ClusterTrail.Agent.Tests.Telemetry;

/// <summary>One of each, with everything that could be written wrong, in both formats.</summary>
public sealed class ExpositionTests : IDisposable
{
    readonly Meter meter = new("ClusterTrail");
    readonly MetricsCollector collector;

    public ExpositionTests() => collector = new(meter);

    public void Dispose()
    {
        collector.Dispose();
        meter.Dispose();
    }

    [Fact]
    public void OpenMetricsTextIsAsTheSpecificationWritesIt()
    {
        RecordOneOfEach();

        var page = collector.Page(ExpositionFormat.OpenMetricsText);

        Assert.Contains("""
            # HELP trail_read_bytes Bytes read\nin C:\\logs.
            # TYPE trail_read_bytes counter
            trail_read_bytes_total{source="a\"b\\c\nd"} 12.0
            trail_read_bytes_total{result="Accepted",source="é"} 1.5
            # HELP trail_ratio Odd numbers.
            # TYPE trail_ratio gauge
            trail_ratio{n="1"} NaN
            trail_ratio{n="2"} +Inf
            trail_ratio{n="3"} -Inf
            trail_ratio{n="4"} 1.2345678901234568e+18
            # HELP trail_wait_seconds Waits.
            # TYPE trail_wait_seconds histogram
            trail_wait_seconds_sum 1002.25
            trail_wait_seconds_count 4
            trail_wait_seconds_bucket{le="0.1"} 1
            trail_wait_seconds_bucket{le="1.0"} 3
            trail_wait_seconds_bucket{le="250.0"} 3
            trail_wait_seconds_bucket{le="+Inf"} 4

            """, page);
        OpenMetricsChecker.Check(page);
    }

    [Fact]
    public void PrometheusTextNamesCountersInFullAndHasNoEnd()
    {
        RecordOneOfEach();

        var page = collector.Page();

        Assert.Contains("""
            # HELP trail_read_bytes_total Bytes read\nin C:\\logs.
            # TYPE trail_read_bytes_total counter
            trail_read_bytes_total{source="a\"b\\c\nd"} 12
            trail_read_bytes_total{result="Accepted",source="é"} 1.5
            # HELP trail_ratio Odd numbers.
            # TYPE trail_ratio gauge
            trail_ratio{n="1"} NaN
            trail_ratio{n="2"} Infinity
            trail_ratio{n="3"} -Infinity
            trail_ratio{n="4"} 1.2345678901234568e+18
            # HELP trail_wait_seconds Waits.
            # TYPE trail_wait_seconds histogram
            trail_wait_seconds_sum 1002.25
            trail_wait_seconds_count 4
            trail_wait_seconds_bucket{le="0.1"} 1
            trail_wait_seconds_bucket{le="1"} 3
            trail_wait_seconds_bucket{le="250"} 3
            trail_wait_seconds_bucket{le="+Inf"} 4

            """, page);
        Assert.DoesNotContain("EOF", page);
    }

    [Fact]
    public void NumbersDoNotDependOnTheCulture()
    {
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
        meter.CreateGauge<double>("a").Record(-0.5);

        var page = collector.Page();
        CultureInfo.CurrentCulture = culture;

        Assert.Contains("\na -0.5\n", page);
    }

    void RecordOneOfEach()
    {
        var read = meter.CreateCounter<double>("trail.read_bytes", "By", "Bytes read\nin C:\\logs.");
        read.Add(12, new KeyValuePair<string, object?>("source", "a\"b\\c\nd"));
        read.Add(1.5, new("source", "é"), new("result", "Accepted"));
        var ratio = meter.CreateGauge<double>("trail.ratio", null, "Odd numbers.");
        double[] odd = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1234567890123456789];
        for (var n = 0; n < odd.Length; n++)
            ratio.Record(odd[n], new KeyValuePair<string, object?>("n", n + 1));
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1, 250] };
        var wait = meter.CreateHistogram("trail.wait", "s", "Waits.", tags: null, advice);
        foreach (var seconds in new[] { 0.05, 0.5, 0.7, 1001 })
            wait.Record(seconds);
    }
}
