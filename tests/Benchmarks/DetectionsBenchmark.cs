using ClusterTrail.Contract;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Testing;

namespace ClusterTrail.Benchmarks;

/// <summary>What detections cost: the whole agent without and with the packs, each from its start, in turn, in the same run.</summary>
static class DetectionsBenchmark
{
    const double RatioOfSpeed = 0.85;

    // Whatever else runs on the machine makes single runs slower, never faster: the best of each is the least disturbed.
    const int Rounds = 5;

    static readonly string[] On = ["baseline", "falco-parity"];

    public static async Task<int> RunAsync(int megabytes)
    {
        var report = new Report();
        var (without, with) = (0.0, 0.0);
        for (var round = 0; round < Rounds; round++)
        {
            without = Math.Max(without, await SpeedAsync(megabytes, detections: false));
            with = Math.Max(with, await SpeedAsync(megabytes, detections: true));
        }

        Report.Figure("detections.rules", new DetectionsFile { Packs = On }.Effective().Count, "rules");
        Report.Figure("detections.off_mb_per_cpu_second", without, "MB/s");
        Report.Figure("detections.on_mb_per_cpu_second", with, "MB/s");
        report.AtLeast("detections.ratio_of_speed", with / without, "ratio", RatioOfSpeed);
        return report.AllWithinLimits ? 0 : 1;
    }

    static async Task<double> SpeedAsync(int megabytes, bool detections)
    {
        using var folder = new AgentFolder();
        await File.WriteAllBytesAsync(
            Path.Combine(folder.Root, "detections.json"), Contracts.WriteCompact(new DetectionsFile { Packs = On }));
        var bytes = AgentRun.WriteLog(folder.LogPath, megabytes * 1_000_000L);
        var run = await AgentRun.OverAsync(folder, bytes,
            AgentRun.Sealed(folder) with { Detections = detections ? "detections.json" : null, Batch = new() { MaxAgeSeconds = 5 } });
        Report.Figure($"detections.{(detections ? "on" : "off")}", run.MegabytesPerCpuSecond, "MB/s");
        return run.MegabytesPerCpuSecond;
    }
}
