using System.Diagnostics.Metrics;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Telemetry;

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

        Assert.DoesNotContain(collector.Collect(), family => family.Name is "mine" or "observed");
    }

    [Fact]
    public void TagsInAnyOrderAreOneSeries()
    {
        var counter = meter.CreateCounter<long>("c");

        counter.Add(1, new("a", "1"), new("b", 2));
        counter.Add(2, new("b", 2), new("a", "1"));
        counter.Add(4, new("a", "2"), new("b", 1));

        Assert.Equal(["a=1,b=2: 3", "a=2,b=1: 4"], Points("c"));
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

        Assert.Equal([": 1.5"], Points("c"));
        Assert.Equal([": -2"], Points("u"));
    }

    [Fact]
    public void GaugesShowTheirLastValue()
    {
        var gauge = meter.CreateGauge<decimal>("g");

        gauge.Record(1);
        gauge.Record(0.25m);

        Assert.Equal([": 0.25"], Points("g"));
    }

    [Fact]
    public void HistogramsUseTheAdvisedBounds()
    {
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2] };
        var histogram = meter.CreateHistogram("h", "s", "H.", tags: null, advice);

        foreach (var value in new[] { 0.5, 1, 1.5, 3, double.NaN })
            histogram.Record(value);

        var value0 = Family("h_seconds").Points.Single().Histogram!;
        Assert.Equal([1, 2], value0.Bounds);
        Assert.Equal([2, 3, 5], value0.Counts);
        Assert.Equal(double.NaN, value0.Sum);
    }

    [Fact]
    public void WhatIsNotObservedAnyMoreIsNotShownAnyMore()
    {
        var sources = new List<string> { "x", "y" };
        meter.CreateObservableGauge("g", () => sources.Select(source => new Measurement<int>(1, new KeyValuePair<string, object?>("s", source))));

        var before = Points("g");
        sources.Remove("x");

        Assert.Equal(["s=x: 1", "s=y: 1"], before);
        Assert.Equal(["s=y: 1"], Points("g"));
    }

    [Fact]
    public void AGaugeThatThrowsIsCountedAndHidesNoOther()
    {
        meter.CreateObservableGauge("bad", int () => throw new InvalidOperationException("gone"));
        meter.CreateObservableGauge("good", () => 1);

        var page = Exposition.Write(collector.Collect(), ExpositionFormat.OpenMetrics);

        Assert.Contains("\ngood 1\n", page);
        Assert.Contains("\nclustertrail_metrics_callback_errors_total 1\n", page);
        Assert.DoesNotContain("bad", page);
    }

    [Fact]
    public void BeyondTheLimitSeriesShareOneAndSumsStayRight()
    {
        var counter = meter.CreateCounter<int>("c");

        for (var i = 0; i < 10; i++)
            counter.Add(1, new KeyValuePair<string, object?>("user", i));
        counter.Add(1, new KeyValuePair<string, object?>("user", 0));

        Assert.Equal(["otel_metric_overflow=true: 7", "user=0: 2", "user=1: 1", "user=2: 1"], Points("c"));
        Assert.Equal([": 7"], Points("clustertrail_metrics_series_refused"));
    }

    [Fact]
    public void TwoInstrumentsOfOneNameLeaveThePageReadable()
    {
        var first = meter.CreateCounter<int>("a.b");
        var second = meter.CreateGauge<int>("a_b");
        meter.CreateObservableGauge("a/b", () => 3);

        first.Add(1);
        second.Record(2);

        OpenMetricsChecker.Check(Exposition.Write(collector.Collect(), ExpositionFormat.OpenMetrics));
        Assert.Equal([": 1"], Points("a_b"));
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

        Assert.Equal(["s=0: 40000", "s=1: 40000"], Points("c"));
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

    MetricFamily Family(string name) => collector.Collect().Single(family => family.Name == name);

    IEnumerable<string> Points(string name) => Family(name).Points
        .Select(point => FormattableString.Invariant($"{string.Join(',', point.Labels.Select(label => $"{label.Name}={label.Value}"))}: {point.Value}"));
}
