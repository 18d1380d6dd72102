using ClusterTrail.Contract;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Testing;

namespace ClusterTrail.Benchmarks;

/// <summary>What detections cost: the whole agent without and with the packs, one after the other, in the same run.</summary>
static class DetectionsBenchmark
{
    const double RatioOfSpeed = 0.85;
    const int Rounds = 3;

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
        var bytes = AgentRun.WriteLog(folder.LogPath, megabytes * 1_000_000L);
        await File.WriteAllBytesAsync(Path.Combine(folder.Root, "detections.json"), Contracts.WriteCompact(new DetectionsFile { Packs = On }));
        var run = await AgentRun.OverAsync(folder, bytes, AgentRun.Sealed(folder) with { Detections = detections ? "detections.json" : null });
        if (detections)
        {
            Report.Figure("detections.findings_per_megabyte", run.Findings / (bytes / 1e6), "findings/MB");
        }

        return run.SteadyMegabytesPerCpuSecond;
    }

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
