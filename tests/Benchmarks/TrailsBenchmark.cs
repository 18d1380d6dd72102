using ClusterTrail.Testing;

namespace ClusterTrail.Benchmarks;

/// <summary>What ten Trails cost on one node: ten agents that read one log, beside one, in the same run.</summary>
static class TrailsBenchmark
{
    const int Trails = 10;

    public static async Task<int> RunAsync(int megabytes)
    {
        using var log = new TemporaryFolder();
        var bytes = AgentRun.WriteLog(log.Join("audit.log"), megabytes * 1_000_000L);
        var one = await TogetherAsync(1, log.Join("audit.log"), bytes);
        var ten = await TogetherAsync(Trails, log.Join("audit.log"), bytes);
        Figures("one", one, bytes);
        Figures("ten", ten, bytes);
        Report.Figure("trails.ratio_of_cpu", Seconds(ten, bytes) / Seconds(one, bytes), "ratio");
        Report.Figure("trails.ratio_of_memory", Memory(ten) / Memory(one), "ratio");
        return 0;
    }

    static void Figures(string name, IReadOnlyList<AgentRun> runs, long bytes)
    {
        Report.Figure($"trails.{name}_cpu_seconds", Seconds(runs, bytes), "s");
        // What several processes share counts once.
        Report.Figure($"trails.{name}_pss_mb", Memory(runs), "MB");
    }

    static double Seconds(IReadOnlyList<AgentRun> runs, long bytes) => runs.Sum(run => bytes / 1e6 / run.MegabytesPerCpuSecond);

    static double Memory(IReadOnlyList<AgentRun> runs) => runs.Sum(run => run.ProportionalMegabytes);

    static async Task<IReadOnlyList<AgentRun>> TogetherAsync(int trails, string log, long bytes)
    {
        var folders = Enumerable.Range(0, trails).Select(_ => new AgentFolder()).ToList();
        using var all = new Barrier(trails);
        var runs = await Task.WhenAll(folders.Select(folder =>
            Task.Run(() => AgentRun.OverAsync(folder, bytes, AgentRun.Sealed(folder, log), all.SignalAndWait))));
        folders.ForEach(folder => folder.Dispose());
        return runs;
    }
}
