using ClusterTrail.Contract;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Testing;

namespace ClusterTrail.Benchmarks;

/// <summary>What detections cost: the whole agent without and with the packs, in turn, in the same run, once its code is compiled.</summary>
static class DetectionsBenchmark
{
    const double RatioOfSpeed = 0.85;
    const int Rounds = 3;

    // The runtime compiles anew what has shown to be hot, in several steps and in pauses; an agent does that once and then runs for months.
    const int WarmUps = 5;
    static readonly TimeSpan Compiling = TimeSpan.FromSeconds(2);
    static readonly TimeSpan BetweenScrapes = TimeSpan.FromSeconds(1);

    static readonly string[] On = ["baseline", "falco-parity"];

    public static async Task<int> RunAsync(int megabytes)
    {
        var report = new Report();
        var (without, with) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            without.Add(await SpeedAsync(megabytes, detections: false));
            with.Add(await SpeedAsync(megabytes, detections: true));
        }

        Report.Figure("detections.rules", new DetectionsFile { Packs = On }.Effective().Count, "rules");
        Report.Figure("detections.off_mb_per_cpu_second", Median(without), "MB/s");
        Report.Figure("detections.on_mb_per_cpu_second", Median(with), "MB/s");
        report.AtLeast("detections.ratio_of_speed", Median(with) / Median(without), "ratio", RatioOfSpeed);
        return report.AllWithinLimits ? 0 : 1;
    }

    static async Task<double> SpeedAsync(int megabytes, bool detections)
    {
        using var folder = new AgentFolder();
        await File.WriteAllBytesAsync(Path.Combine(folder.Root, "detections.json"), Contracts.WriteCompact(new DetectionsFile { Packs = On }));
        using var agent = AgentProcess.Start(folder.Root, AgentRun.Sealed(folder) with { Detections = detections ? "detections.json" : null, Batch = new() { MaxAgeSeconds = 1 } });
        using var page = new MetricsPage(await agent.Url);
        var warmUp = 0L;
        for (var time = 0; time < WarmUps; time++)
        {
            await DeliveredAsync(page, warmUp += Append(folder.LogPath, 1));
            await Task.Delay(Compiling);
        }

        var cpu = CpuTime.OfProcess(agent.Id);
        var bytes = Append(folder.LogPath, megabytes * 1_000_000L);
        var values = await DeliveredAsync(page, warmUp + bytes);
        var speed = bytes / 1e6 / (CpuTime.OfProcess(agent.Id) - cpu);
        Report.Figure($"detections.{(detections ? "on" : "off")}", speed, $"MB/s, {values["clustertrail_detections_total"] / ((warmUp + bytes) / 1e6):0.#} findings/MB");
        await agent.StopAsync();
        return speed;
    }

    static long Append(string path, long bytes)
    {
        var written = 0L;
        using var log = new FileStream(path, FileMode.Append);
        for (; written < bytes; written += AuditLog.Content.Length)
        {
            log.Write(AuditLog.Content);
        }

        return written;
    }

    static async Task<MetricsPage.Values> DeliveredAsync(MetricsPage page, long bytes)
    {
        while (true)
        {
            await Task.Delay(BetweenScrapes);
            if (await page.ReadAsync() is var values && AgentRun.IsDelivered(values, bytes))
            {
                return values;
            }
        }
    }

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
