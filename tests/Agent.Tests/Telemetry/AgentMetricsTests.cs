using ClusterTrail.Agent.Telemetry;
using Prometheus;

namespace ClusterTrail.Agent.Tests.Telemetry;

public sealed class AgentMetricsTests
{
    // Dashboards and alerts live on these names: a change here is a breaking change.
    static readonly string[] PublicNames =
    [
        "clustertrail_aggregate_records", "clustertrail_aggregated_events",
        "clustertrail_build_info", "clustertrail_config_info", "clustertrail_config_reloads", "clustertrail_delivered_batches",
        "clustertrail_delivered_bytes",
        "clustertrail_delivered_events", "clustertrail_detection_errors", "clustertrail_detection_last_timestamp_seconds",
        "clustertrail_detection_windows_evicted", "clustertrail_detections",
        "clustertrail_detections_not_evaluable", "clustertrail_detections_reloads", "clustertrail_digest_errors",
        "clustertrail_digest_last_timestamp_seconds", "clustertrail_digests_sealed", "clustertrail_insight_records",
        "clustertrail_last_delivery_timestamp_seconds", "clustertrail_metrics_callback_errors",
        "clustertrail_metrics_series_refused", "clustertrail_notifications", "clustertrail_notifications_dropped",
        "clustertrail_oversized_events", "clustertrail_selected_events", "clustertrail_selectors_below_level", "clustertrail_selectors_reloads",
        "clustertrail_sink_aside_batches", "clustertrail_sink_immutable", "clustertrail_sink_immutable_timestamp_seconds",
        "clustertrail_source_errors", "clustertrail_source_gap_bytes", "clustertrail_source_gaps",
        "clustertrail_source_lag_bytes",
        "clustertrail_source_lag_seconds", "clustertrail_source_read_bytes", "clustertrail_source_read_events",
        "clustertrail_spool_batches",
        "clustertrail_spool_bytes", "clustertrail_spool_limit_bytes", "clustertrail_spool_oldest_age_seconds",
        "clustertrail_spool_quarantined",
        "clustertrail_spool_write_errors", "clustertrail_truncated_events", "clustertrail_unlabelled_records", "clustertrail_unparsable_events",
        "clustertrail_upload_duration_seconds",
        "clustertrail_upload_errors",
        "process_cpu_seconds", "process_open_fds", "process_resident_memory_bytes", "process_start_time_seconds",
    ];

    [Fact]
    public void ThePublicNamesDoNotChange()
    {
        using var metrics = SomeTelemetry.Metrics();

        var families = metrics.Collector.Families();

        var names = families.Select(family => family.Type == "counter" ? family.Name[..^"_total".Length] : family.Name);
        Assert.Equal(PublicNames, names.Order(StringComparer.Ordinal));
        Assert.All(families, family => Assert.Matches($"# HELP {family.Name} [^\n]+\n", metrics.Collector.Page()));
    }

    [Fact]
    public void EveryMetricIsDocumented()
    {
        using var metrics = SomeTelemetry.MetricsOfAllSources();

        var document = File.ReadAllText(Repository.PathOf("docs", "metrics.md"));

        var families = metrics.Collector.Families().Select(family => family.Name).ToList();
        Assert.All(["clustertrail_receiver_", "clustertrail_feed_", "clustertrail_processes_"], prefix =>
            Assert.Contains(families, name => name.StartsWith(prefix, StringComparison.Ordinal)));
        Assert.All(families, name => Assert.Contains($"`{name}`", document));
    }

    [Fact]
    public void TheWholePageIsValidOpenMetrics()
    {
        using var metrics = SomeTelemetry.Metrics();

        var page = metrics.Collector.Page(ExpositionFormat.OpenMetricsText);

        OpenMetricsChecker.Check(page);
        Assert.Contains("clustertrail_build_info{dotnet=\"10.", page);
        Assert.Contains("clustertrail_config_info{config_hash=\"c0ffee\",selectors_hash=\"5e1ec7\"} 1.0\n", page);
        Assert.Contains("clustertrail_upload_duration_seconds_bucket{outcome=\"Delivered\",sink=\"S3\",le=\"0.25\"} 1\n", page);
        Assert.Contains("clustertrail_detections_total{group=\"access\",rule=\"pod-exec\",severity=\"high\",trail=\"main\"} 0.0\n", page);
        Assert.Contains("clustertrail_detections_reloads_total{result=\"Refused\"} 0.0\n", page);
        Assert.Contains("clustertrail_detection_last_timestamp_seconds{rule=\"pod-exec\"} 1772366400.0\n", page);
        Assert.Contains("clustertrail_notifications_total{result=\"Delivered\"} 0.0\n", page);
        Assert.Contains("clustertrail_notifications_total{result=\"Failed\"} 0.0\n", page);
        Assert.Contains("clustertrail_notifications_dropped_total 1.0\n", page);
        Assert.Contains("clustertrail_last_delivery_timestamp_seconds{sink=\"S3\"} 1772366400.0\n", page);
        Assert.Contains("clustertrail_sink_aside_batches{sink=\"S3\"} 1.0\n", page);
    }

    [Fact]
    public void CountersOfADeclaredSourceAreBornAtZero()
    {
        using var metrics = new AgentMetrics(new("0.1.0", "246c6df"));

        metrics.DeclareSource("apiserver");

        var page = metrics.Collector.Page();
        var born = page.Split('\n').Where(line => line.Contains("{source=\"apiserver\"} 0", StringComparison.Ordinal));
        Assert.Equal(18, born.Count());
        Assert.Contains("clustertrail_selectors_reloads_total{result=\"Refused\"} 0\n", page);
        Assert.Contains("clustertrail_config_reloads_total{result=\"Refused\"} 0\n", page);
    }

    [Fact]
    public void DeclaringASourceAgainCountsOn()
    {
        using var metrics = new AgentMetrics(new("0.1.0", "246c6df"));

        metrics.DeclareSource("apiserver").Delivered(events: 10, bytes: 100);
        metrics.DeclareSource("apiserver").Delivered(events: 5, bytes: 50);

        Assert.Equal(15, metrics.Collector.Counted("clustertrail_delivered_events"));
        Assert.Equal(150, metrics.Collector.Counted("clustertrail_delivered_bytes"));
        Assert.Equal(2, metrics.Collector.Counted("clustertrail_delivered_batches"));
    }

    [Fact]
    public void ErrorCodesBeyondThirtyAndThoseThatAreNoWordsBecomeOther()
    {
        using var metrics = new AgentMetrics(new("0.1.0", "246c6df"));
        var sink = metrics.DeclareSink("S3");

        for (var i = 0; i < 100; i++)
            sink.Failed(TimeSpan.Zero, $"Code{i}");
        sink.Failed(TimeSpan.Zero, "<html>no word</html>");
        sink.Failed(TimeSpan.Zero, "");

        var samples = metrics.Collector.Samples("clustertrail_upload_errors_total");
        Assert.Equal(31, samples.Count);
        Assert.Equal(102, samples.Sum(MetricsText.ValueOf));
        Assert.Equal(78, metrics.Collector.Counted("clustertrail_upload_errors", "Other"));
    }

    [Fact]
    public void CountingABatchOfLinesAllocatesNothing()
    {
        using var metrics = new AgentMetrics(new("0.1.0", "246c6df"));
        var source = metrics.DeclareSource("apiserver");
        source.Read(1, 1);
        source.Selected(1, 1, 1);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            source.Read(100, 50_000);
            source.Selected(90, 7, 3);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
