using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
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

    public static async Task<int> RunAsync(int megabytes)
    {
        using var folder = new AgentFolder();
        var report = new Report();
        var bytes = WriteLog(folder.LogPath, megabytes * 1_000_000L);
        Report.Figure("log.size", bytes / 1e6, "MB");

        var speed = await WholePipelineAsync(folder, bytes, report);
        var gzip = GzipBenchmark.MegabytesPerCpuSecond(new BatchConfiguration().GzipLevel);
        Report.Figure("gzip.mb_per_cpu_second", gzip, "MB/s");
        report.AtLeast("pipeline.ratio_to_gzip", speed / gzip, "ratio", RatioToGzip);
        report.AtLeast("select.mb_per_cpu_second", SelectBenchmark.MegabytesPerCpuSecond(), "MB/s", SelectMegabytesPerCpuSecond);
        await LatencyAndIdleAsync(report);
        return report.AllWithinLimits ? 0 : 1;
    }

    static long WriteLog(string path, long bytes)
    {
        using var log = File.Create(path);
        while (log.Length < bytes)
        {
            log.Write(AuditLog.Content);
        }

        return log.Length;
    }

    static async Task<double> WholePipelineAsync(AgentFolder folder, long bytes, Report report)
    {
        using var agent = AgentProcess.Start(folder.Root, Sealed(folder));
        using var page = new MetricsPage(await agent.Url);
        var quarter = 0.0;
        double read;
        do
        {
            // As often as Prometheus would at its busiest: a scrape costs CPU too.
            await Task.Delay(1000);
            read = await page.ValueAsync("clustertrail_source_read_bytes_total");
            quarter = read < bytes / 4.0 ? CpuTime.Megabytes(agent.Id, "VmHWM") : quarter;
        }
        while (read < bytes || await page.ValueAsync("clustertrail_delivered_events_total") < await page.ValueAsync("clustertrail_selected_events_total"));

        var speed = bytes / 1e6 / CpuTime.OfProcess(agent.Id);
        report.AtLeast("pipeline.mb_per_cpu_second", speed, "MB/s", MegabytesPerCpuSecond);
        report.AtMost("pipeline.peak_rss_mb", CpuTime.Megabytes(agent.Id, "VmHWM"), "MB", PeakMegabytes);
        Report.Figure("pipeline.peak_rss_after_quarter_mb", quarter, "MB");
        Report.Figure("pipeline.stored_per_log_byte", await page.ValueAsync("clustertrail_delivered_bytes_total") / bytes, "ratio");
        await agent.StopAsync();
        return speed;
    }

    static async Task LatencyAndIdleAsync(Report report)
    {
        using var folder = new AgentFolder();
        await File.WriteAllBytesAsync(folder.LogPath, AuditLog.Lines()[0].ToArray());
        using var agent = AgentProcess.Start(folder.Root, Sealed(folder));
        using var page = new MetricsPage(await agent.Url);
        report.AtMost("count.latency_ms_p50", await CountLatencyAsync(folder, page), "ms", LatencyMilliseconds);

        await Task.Delay(2000);
        var (cpu, from) = (CpuTime.OfProcess(agent.Id), Stopwatch.GetTimestamp());
        await Task.Delay(20_000);
        report.AtMost("idle.cpu_percent", 100 * (CpuTime.OfProcess(agent.Id) - cpu) / Stopwatch.GetElapsedTime(from).TotalSeconds, "%", IdlePercent);
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

    /// <summary>What a bank would run: 20 rules, envelopes for two recipients, batches and polling as they are by default.</summary>
    static AgentConfiguration Sealed(AgentFolder folder) => folder.Configuration with
    {
        Sources = [new() { Name = "apiserver", Type = SourceType.LogFile, LogFile = new() { Path = folder.LogPath } }],
        Selectors = AuditLog.DataPath("selectors-20-rules.json"),
        Batch = new(),
        Encryption = new() { Type = EncryptionType.Envelope, Envelope = new() { RecipientPaths = [PublicKey(folder.Root, ECCurve.NamedCurves.nistP256), PublicKey(folder.Root, ECCurve.NamedCurves.nistP384)] } },
    };

    static string PublicKey(string folder, ECCurve curve)
    {
        using var key = ECDsa.Create(curve);
        var path = Path.Combine(folder, $"{key.KeySize.ToString(CultureInfo.InvariantCulture)}.pem");
        File.WriteAllText(path, key.ExportSubjectPublicKeyInfoPem());
        return path;
    }
}
