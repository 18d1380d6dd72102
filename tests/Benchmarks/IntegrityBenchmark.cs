using System.Diagnostics;
using ClusterTrail.Testing;

namespace ClusterTrail.Benchmarks;

/// <summary>What digests cost an agent: the same log with and without them, by turns, in the same run.</summary>
static class IntegrityBenchmark
{
    const int Turns = 5;
    const double SharePercent = 2;
    const int ObjectsOfFiveMinutes = 5;
    const int Seals = 200;

    public static async Task<int> RunAsync(int megabytes)
    {
        var report = new Report();
        var (with, without) = (double.MaxValue, double.MaxValue);
        for (var turn = 0; turn < Turns; turn++)
        {
            without = Math.Min(without, await CpuSecondsAsync(megabytes, digests: false));
            with = Math.Min(with, await CpuSecondsAsync(megabytes, digests: true));
        }

        Report.Figure("digests.off.cpu_seconds", without, "s");
        Report.Figure("digests.on.cpu_seconds", with, "s");
        report.AtMost("digests.ledger_cpu_percent", Math.Max(0, 100 * (with - without) / with), "%", SharePercent);
        // A run is shorter than a period: what sealing one takes comes on top.
        var seal = SealSeconds();
        Report.Figure("digests.seal_cpu_ms", seal * 1000, "ms");
        report.AtMost("digests.seal_cpu_percent_of_a_core", 100 * seal / 300, "%", SharePercent);
        return report.AllWithinLimits ? 0 : 1;
    }

    // The least of several turns: beside other processes, the others are slower.
    static async Task<double> CpuSecondsAsync(int megabytes, bool digests)
    {
        using var folder = new AgentFolder();
        var bytes = AgentRun.WriteLog(folder.LogPath, megabytes * 1_000_000L);
        var run = await AgentRun.OverAsync(
            folder, bytes, AgentRun.Sealed(folder) with
            {
                // Nobody waits a minute for the last batch of each turn.
                Batch = new() { MaxAgeSeconds = 1 },
                Integrity = new() { Enabled = digests, IntervalSeconds = 60 },
            });
        return bytes / 1e6 / run.MegabytesPerCpuSecond;
    }

    static double SealSeconds()
    {
        MeasuredDigests.SealMany(ObjectsOfFiveMinutes, Seals);
        var since = Stopwatch.StartNew();
        MeasuredDigests.SealMany(ObjectsOfFiveMinutes, Seals);
        return since.Elapsed.TotalSeconds / Seals;
    }
}
