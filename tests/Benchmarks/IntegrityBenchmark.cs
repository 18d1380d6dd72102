using System.Diagnostics;

namespace ClusterTrail.Benchmarks;

/// <summary>What digests cost an agent: the same log with and without them, at the same time.</summary>
static class IntegrityBenchmark
{
    const double SharePercent = 2;
    const int ObjectsOfFiveMinutes = 5;
    const int Seals = 200;

    public static async Task<int> RunAsync(int megabytes)
    {
        var report = new Report();
        var added = await AgentTurns.MeasureAsync(
            path => AgentRun.WriteLog(path, megabytes * 1_000_000L),
            (one, digests) => one with { Integrity = new() { Enabled = digests, IntervalSeconds = 60 } });
        Report.Figure("digests.off.cpu_seconds_per_gb", added.Later.Without, "s/GB");
        Report.Figure("digests.with_start.cpu_percent", added.Whole.Percent, "%");
        report.AtMost("digests.ledger_cpu_percent", added.Later.Percent, "%", SharePercent);
        // A run is shorter than a period: what sealing one takes comes on top.
        var seal = SealSeconds();
        Report.Figure("digests.seal_cpu_ms", seal * 1000, "ms");
        report.AtMost("digests.seal_cpu_percent_of_a_core", 100 * seal / 300, "%", SharePercent);
        return report.AllWithinLimits ? 0 : 1;
    }

    static double SealSeconds()
    {
        MeasuredDigests.SealMany(ObjectsOfFiveMinutes, Seals);
        var since = Stopwatch.StartNew();
        MeasuredDigests.SealMany(ObjectsOfFiveMinutes, Seals);
        return since.Elapsed.TotalSeconds / Seals;
    }
}
