using System.Globalization;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Telemetry;

namespace ClusterTrail.Agent.Tests.Telemetry;

public sealed class ExpositionTests
{
    static readonly MetricFamily[] OneOfEach =
    [
        new("trail_read_bytes", MetricKind.Counter, "bytes", "Bytes \"read\"\nin C:\\logs.",
        [
            new([new("source", "a\"b\\c\nd")], 12),
            new([new("result", "Accepted"), new("source", "é")], 1.5),
        ]),
        new("trail_ratio", MetricKind.Gauge, "", "Odd numbers.",
        [
            new([new("n", "1")], double.NaN),
            new([new("n", "2")], double.PositiveInfinity),
            new([new("n", "3")], double.NegativeInfinity),
            new([new("n", "4")], 1234567890123456789),
        ]),
        new("trail_wait_seconds", MetricKind.Histogram, "seconds", "Waits.",
        [
            new([], 0, new HistogramValue([0.1, 1, 250], [1, 3, 3, 4], 1002.25)),
        ]),
    ];

    [Fact]
    public void OpenMetricsTextIsAsTheSpecificationWritesIt()
    {
        const string expected = """
            # HELP trail_read_bytes Bytes \"read\"\nin C:\\logs.
            # TYPE trail_read_bytes counter
            # UNIT trail_read_bytes bytes
            trail_read_bytes_total{source="a\"b\\c\nd"} 12
            trail_read_bytes_total{result="Accepted",source="é"} 1.5
            # HELP trail_ratio Odd numbers.
            # TYPE trail_ratio gauge
            trail_ratio{n="1"} NaN
            trail_ratio{n="2"} +Inf
            trail_ratio{n="3"} -Inf
            trail_ratio{n="4"} 1.2345678901234568E+18
            # HELP trail_wait_seconds Waits.
            # TYPE trail_wait_seconds histogram
            # UNIT trail_wait_seconds seconds
            trail_wait_seconds_bucket{le="0.1"} 1
            trail_wait_seconds_bucket{le="1.0"} 3
            trail_wait_seconds_bucket{le="250.0"} 3
            trail_wait_seconds_bucket{le="+Inf"} 4
            trail_wait_seconds_sum 1002.25
            trail_wait_seconds_count 4
            # EOF

            """;

        var page = Exposition.Write(OneOfEach, ExpositionFormat.OpenMetrics);

        Assert.Equal(expected, page);
        OpenMetricsChecker.Check(page);
    }

    [Fact]
    public void PrometheusTextNamesCountersInFullAndHasNoUnitAndNoEnd()
    {
        const string expected = """
            # HELP trail_read_bytes_total Bytes "read"\nin C:\\logs.
            # TYPE trail_read_bytes_total counter
            trail_read_bytes_total{source="a\"b\\c\nd"} 12
            trail_read_bytes_total{result="Accepted",source="é"} 1.5
            # HELP trail_ratio Odd numbers.
            # TYPE trail_ratio gauge
            trail_ratio{n="1"} NaN
            trail_ratio{n="2"} +Inf
            trail_ratio{n="3"} -Inf
            trail_ratio{n="4"} 1.2345678901234568E+18
            # HELP trail_wait_seconds Waits.
            # TYPE trail_wait_seconds histogram
            trail_wait_seconds_bucket{le="0.1"} 1
            trail_wait_seconds_bucket{le="1.0"} 3
            trail_wait_seconds_bucket{le="250.0"} 3
            trail_wait_seconds_bucket{le="+Inf"} 4
            trail_wait_seconds_sum 1002.25
            trail_wait_seconds_count 4

            """;

        var page = Exposition.Write(OneOfEach, ExpositionFormat.PrometheusText);

        Assert.Equal(expected, page);
    }

    [Fact]
    public void NumbersDoNotDependOnTheCulture()
    {
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };

        var page = Exposition.Write([new("a", MetricKind.Gauge, "", "A.", [new([], -0.5)])], ExpositionFormat.PrometheusText);
        CultureInfo.CurrentCulture = culture;

        Assert.EndsWith("\na -0.5\n", page);
    }
}
