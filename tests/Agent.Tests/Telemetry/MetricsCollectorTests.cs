using System.Diagnostics;
using System.Diagnostics.Metrics;
using ClusterTrail.Telemetry.Exposition;
using Prometheus;

namespace ClusterTrail.Agent.Tests.Telemetry;

public sealed class MetricsCollectorTests : IDisposable
{
    readonly Meter meter = new("ClusterTrail");
    readonly MetricsCollector collector;

    public MetricsCollectorTests() => collector = new(meter, limit: 3);

    public void Dispose()
    {
        collector.Dispose();
        meter.Dispose();
    }

    [Fact]
    public void OnlyItsOwnMeterIsHeard()
    {
        using var other = new Meter(meter.Name);

        other.CreateCounter<int>("mine").Add(1);
        other.CreateObservableGauge("observed", () => 1);

        Assert.DoesNotContain(collector.Families(), family => family.Name is "mine_total" or "observed");
    }

    [Fact]
    public void TagsInAnyOrderAreOneSeries()
    {
        var counter = meter.CreateCounter<long>("c");

        counter.Add(1, new("a", "1"), new("b", 2));
        counter.Add(2, new("b", 2), new("a", "1"));
        counter.Add(4, new("a", "2"), new("b", 1));

        Assert.Equal(["c_total{a=\"1\",b=\"2\"} 3", "c_total{a=\"2\",b=\"1\"} 4"], collector.Samples("c_total"));
    }

    [Fact]
    public void CountersNeverFallAndUpDownCountersDo()
    {
        var counter = meter.CreateCounter<double>("c");
        var upDown = meter.CreateUpDownCounter<int>("u");

        counter.Add(1.5);
        counter.Add(-1);
        counter.Add(double.NaN);
        upDown.Add(3);
        upDown.Add(-5);

        Assert.Equal(["c_total 1.5"], collector.Samples("c_total"));
        Assert.Equal(["u -2"], collector.Samples("u"));
    }

    [Fact]
    public void GaugesShowTheirLastValue()
    {
        var gauge = meter.CreateGauge<decimal>("g");

        gauge.Record(1);
        gauge.Record(0.25m);

        Assert.Equal(["g 0.25"], collector.Samples("g"));
    }

    [Fact]
    public void HistogramsUseTheAdvisedBounds()
    {
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2] };
        var histogram = meter.CreateHistogram("h", "s", "H.", tags: null, advice);

        foreach (var value in new[] { 0.5, 1, 1.5, 3, double.NaN })
            histogram.Record(value);

        Assert.Equal(
            ["""h_seconds_bucket{le="1"} 2""", """h_seconds_bucket{le="2"} 3""", """h_seconds_bucket{le="+Inf"} 4"""],
            collector.Samples("h_seconds_bucket"));
        Assert.Equal(["h_seconds_sum 6"], collector.Samples("h_seconds_sum"));
        Assert.Equal(["h_seconds_count 4"], collector.Samples("h_seconds_count"));
    }

    [Fact]
    public void AHistogramWithoutAdviceHasTheBoundsOfOpenTelemetry()
    {
        meter.CreateHistogram<int>("h").Record(9999);

        var bounds = collector.Samples("h_bucket").Select(sample => sample.Split('"')[1]);
        Assert.Equal("0 5 10 25 50 75 100 250 500 750 1000 2500 5000 7500 10000 +Inf", string.Join(' ', bounds));
    }

    [Fact]
    public void AHistogramCanHaveNoBounds()
    {
        meter.CreateHistogram("h", null, null, tags: null, new InstrumentAdvice<long> { HistogramBucketBoundaries = [] }).Record(7);

        Assert.Equal(["""h_bucket{le="+Inf"} 1"""], collector.Samples("h_bucket"));
    }

    [Fact]
    public void AMeasurementInATraceBringsNoExemplar()
    {
        using var activity = new Activity("upload").Start();

        meter.CreateCounter<int>("c").Add(1);
        meter.CreateHistogram<double>("h").Record(1);

        Assert.DoesNotContain("trace_id", collector.Page(ExpositionFormat.OpenMetricsText));
    }

    [Fact]
    public void AMetricThatNeverHadASeriesIsLeftOut()
    {
        meter.CreateCounter<int>("c");
        meter.CreateObservableGauge("g", () => Array.Empty<Measurement<int>>());

        Assert.DoesNotContain(collector.Families(), family => family.Name is "c_total" or "g");
    }

    [Fact]
    public void WhatIsNotObservedAnyMoreIsNotShownAnyMore()
    {
        var sources = new List<string> { "x", "y" };
        meter.CreateObservableGauge("g", () =>
            sources.Select(source => new Measurement<int>(1, new KeyValuePair<string, object?>("s", source))));

        var before = collector.Samples("g");
        sources.Remove("x");
        var without = collector.Samples("g");
        sources.Add("x");

        Assert.Equal(["""g{s="x"} 1""", """g{s="y"} 1"""], before);
        Assert.Equal(["""g{s="y"} 1"""], without);
        Assert.Equal(["""g{s="x"} 1""", """g{s="y"} 1"""], collector.Samples("g").Order());
    }

    [Fact]
    public void AGaugeWithoutLabelsVanishesAndReturnsToo()
    {
        int? value = 3;
        meter.CreateObservableGauge("g", () => value is { } there ? [new Measurement<int>(there)] : Array.Empty<Measurement<int>>());

        var before = collector.Samples("g");
        value = null;
        var without = collector.Samples("g");
        value = 0;

        Assert.Equal(["g 3"], before);
        Assert.Empty(without);
        Assert.Equal(["g 0"], collector.Samples("g"));
    }

    [Fact]
    public void WhatWasCountedStaysThoughNobodyCounts()
    {
        meter.CreateCounter<int>("c").Add(2);

        collector.Page();

        Assert.Equal(["c_total 2"], collector.Samples("c_total"));
    }

    [Fact]
    public void AnObservedCounterShowsWhatWasObservedLast()
    {
        var total = 1.5;
        meter.CreateObservableCounter("c", () => total);

        var before = collector.Samples("c_total");
        total = 4;

        Assert.Equal(["c_total 1.5"], before);
        Assert.Equal(["c_total 4"], collector.Samples("c_total"));
    }

    [Fact]
    public void AGaugeThatThrowsIsCountedAndHidesNoOther()
    {
        meter.CreateObservableGauge("bad", int () => throw new InvalidOperationException("gone"));
        meter.CreateObservableGauge("good", () => 1);

        var page = collector.Page(ExpositionFormat.OpenMetricsText);

        Assert.Contains("\ngood 1.0\n", page);
        Assert.Contains("\nclustertrail_metrics_callback_errors_total 1.0\n", page);
        Assert.DoesNotContain("bad", page);
    }

    [Fact]
    public void BeyondTheLimitSeriesShareOneAndSumsStayRight()
    {
        var counter = meter.CreateCounter<int>("c");

        for (var i = 0; i < 10; i++)
            counter.Add(1, new KeyValuePair<string, object?>("user", i));
        counter.Add(1, new KeyValuePair<string, object?>("user", 0));

        Assert.Equal(
            ["""c_total{otel_metric_overflow="true"} 7""", """c_total{user="0"} 2""", """c_total{user="1"} 1""", """c_total{user="2"} 1"""],
            collector.Samples("c_total").Order());
        Assert.Equal(7, collector.Counted("clustertrail_metrics_series_refused"));
    }

    [Fact]
    public void TwoInstrumentsOfOneNameLeaveThePageReadable()
    {
        var first = meter.CreateCounter<int>("a.b");
        var second = meter.CreateGauge<int>("a_b");
        meter.CreateObservableGauge("a/b", () => 3);

        first.Add(1);
        second.Record(2);

        OpenMetricsChecker.Check(collector.Page(ExpositionFormat.OpenMetricsText));
        Assert.Equal(["a_b_total 1"], collector.Samples("a_b_total"));
        Assert.Empty(collector.Samples("a_b"));
    }

    [Fact]
    public void ManyThreadsLoseNoIncrement()
    {
        var counter = meter.CreateCounter<int>("c");

        Parallel.For(0, 8, i =>
        {
            for (var n = 0; n < 10_000; n++)
                counter.Add(1, new KeyValuePair<string, object?>("s", i % 2));
        });

        Assert.Equal(["""c_total{s="0"} 40000""", """c_total{s="1"} 40000"""], collector.Samples("c_total").Order());
    }

    [Fact]
    public void CountingAllocatesNothing()
    {
        var counter = meter.CreateCounter<long>("c");
        KeyValuePair<string, object?> source = new("source", "s"), code = new("code", "Timeout");
        Count(100);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Count(10_000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);

        void Count(int times)
        {
            for (var i = 0; i < times; i++)
            {
                counter.Add(i, source);
                counter.Add(i, source, code);
            }
        }
    }
}
