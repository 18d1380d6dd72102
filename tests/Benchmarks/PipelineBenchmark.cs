using System.Diagnostics;
using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.Benchmarks;

/// <summary>The whole agent, as a process, on a large log; and its parts beside it, in the same run.</summary>
static class PipelineBenchmark
{
    const double MegabytesPerCpuSecond = 110;
    const double RatioToGzip = 0.7;
    const double SelectMegabytesPerCpuSecond = 600;
    const double PeakMegabytes = 120;
    const double LatencyMilliseconds = 200;
    const double IdlePercent = 0.5;
    const double StoredPerLogByte = 0.045;
    const double StartSeconds = 0.4;

    public static async Task<int> RunAsync(int megabytes)
    {
        using var folder = new AgentFolder();
        var report = new Report();
        var bytes = AgentRun.WriteLog(folder.LogPath, megabytes * 1_000_000L);
        Report.Figure("log.size", bytes / 1e6, "MB");

        var speed = await WholePipelineAsync(folder, bytes, report);
        var gzip = CodecBenchmark.MegabytesPerCpuSecond(CompressionType.Gzip);
        Report.Figure("gzip.mb_per_cpu_second", gzip, "MB/s");
        report.AtLeast("pipeline.ratio_to_gzip", speed / gzip, "ratio", RatioToGzip);
        var zstd = CodecBenchmark.MegabytesPerCpuSecond(CompressionType.Zstd);
        Report.Figure("zstd.mb_per_cpu_second", zstd, "MB/s");
        Report.Figure("pipeline.ratio_to_zstd", speed / zstd, "ratio");
        report.AtLeast("select.mb_per_cpu_second", SelectBenchmark.MegabytesPerCpuSecond(), "MB/s", SelectMegabytesPerCpuSecond);
        await LatencyAndIdleAsync(report);
        await UploadBenchmark.RunAsync();
        return report.AllWithinLimits ? 0 : 1;
    }

    static async Task<double> WholePipelineAsync(AgentFolder folder, long bytes, Report report)
    {
        var run = await AgentRun.OverAsync(folder, bytes, AgentRun.Sealed(folder));
        report.AtLeast("pipeline.mb_per_cpu_second", run.MegabytesPerCpuSecond, "MB/s", MegabytesPerCpuSecond);
        Report.Figure("pipeline.thread_mb_per_cpu_second", run.ThreadMegabytesPerCpuSecond, "MB/s");
        report.AtMost("pipeline.peak_rss_mb", run.PeakMegabytes, "MB", PeakMegabytes);
        Report.Figure("pipeline.peak_rss_after_quarter_mb", run.PeakAfterQuarterMegabytes, "MB");
        report.AtMost("pipeline.stored_per_log_byte", run.StoredPerLogByte, "ratio", StoredPerLogByte);
        return run.MegabytesPerCpuSecond;
    }

    static async Task LatencyAndIdleAsync(Report report)
    {
        using var folder = new AgentFolder();
        await File.WriteAllBytesAsync(folder.LogPath, AuditLog.Lines()[0].ToArray());
        using var agent = AgentProcess.Start(folder.Root, AgentRun.Sealed(folder));
        using var page = new MetricsPage(await agent.Url);
        report.AtMost("pipeline.start_cpu_seconds", CpuTime.OfProcess(agent.Id), "s", StartSeconds);
        report.AtMost("count.latency_ms_p50", await CountLatencyAsync(folder, page), "ms", LatencyMilliseconds);

        await Task.Delay(2000);
        var (cpu, from) = (CpuTime.OfProcess(agent.Id), Stopwatch.GetTimestamp());
        await Task.Delay(20_000);
        report.AtMost(
            "idle.cpu_percent", 100 * (CpuTime.OfProcess(agent.Id) - cpu) / Stopwatch.GetElapsedTime(from).TotalSeconds, "%", IdlePercent);
        await agent.StopAsync();
    }

    static async Task<double> CountLatencyAsync(AgentFolder folder, MetricsPage page)
    {
        var random = new Random(1);
        var latencies = new List<double>();
        var lines = AuditLog.Lines();
        using var log = new FileStream(folder.LogPath, FileMode.Append);
        for (var at = 1; at <= 40; at++)
        {
            await Task.Delay(random.Next(50, 350));
            log.Write(lines[at].Span);
            log.Flush();
            var written = Stopwatch.GetTimestamp();
            while (await page.ValueAsync("clustertrail_source_read_events_total") < at + 1)
            {
                await Task.Delay(2);
            }

            latencies.Add(Stopwatch.GetElapsedTime(written).TotalMilliseconds);
        }

        latencies.Sort();
        return latencies[latencies.Count / 2];
    }
}
