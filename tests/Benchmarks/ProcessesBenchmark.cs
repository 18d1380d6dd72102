using System.Diagnostics;
using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.Benchmarks;

/// <summary>What recording processes costs: with nothing to record, and with as many as this machine can start.</summary>
static class ProcessesBenchmark
{
    const double MostIdlePercent = 0.5;

    static readonly TimeSpan Settling = TimeSpan.FromSeconds(15);
    static readonly TimeSpan Idle = TimeSpan.FromSeconds(40);
    static readonly TimeSpan Busy = TimeSpan.FromSeconds(20);

    public static async Task<int> RunAsync()
    {
        using var folder = new AgentFolder();
        using var cgroup = ContainerCgroup.Create();
        using var agent = AgentProcess.Start(folder.Root, Configuration(folder));
        using var page = new MetricsPage(await agent.Url);
        var report = new Report();

        // The agent compiles a little in its first seconds.
        await Task.Delay(Settling);
        var (idle, _) = await CpuOverAsync(agent.Id, Idle);
        report.AtMost("processes.idle_cpu_percent", idle * 100, "%", MostIdlePercent);

        using var first = Load(cgroup);
        using var second = Load(cgroup);
        var before = await page.ReadAsync();
        var (busy, took) = await CpuOverAsync(agent.Id, Busy);
        var values = await page.ReadAsync();
        foreach (var shell in (Process[])[first, second])
        {
            shell.Kill();
            await shell.WaitForExitAsync();
        }

        double Since(string name) =>
            values[$"clustertrail_processes_{name}_events_total"] - before[$"clustertrail_processes_{name}_events_total"];
        var all = Since("recorded") + Since("lost") + Since("rate_limited");
        Report.Figure("processes.execs_per_second", all / took, "1/s");
        Report.Figure("processes.recorded_per_second", Since("recorded") / took, "1/s");
        Report.Figure("processes.lost", Since("lost"), "events");
        Report.Figure("processes.cpu_percent", busy * 100, "%");
        Report.Figure("processes.cpu_microseconds_per_exec", busy * took * 1e6 / Math.Max(1, all), "us");
        Report.Figure("processes.peak_mb", CpuTime.Megabytes(agent.Id, "VmHWM"), "MB");
        await agent.StopAsync();
        return report.AllWithinLimits ? 0 : 1;
    }

    static AgentConfiguration Configuration(AgentFolder folder) => folder.Configuration with
    {
        Sources = [new() { Name = "processes", Type = SourceType.Processes, Processes = new() { EventsPerSecond = 100_000 } }],
        Batch = new(),
    };

    static Process Load(ContainerCgroup cgroup) => cgroup.Start("while :; do /bin/true --some argument; done");

    static async Task<(double Share, double Seconds)> CpuOverAsync(int agent, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        var before = CpuTime.OfProcess(agent);
        await Task.Delay(time);
        return ((CpuTime.OfProcess(agent) - before) / clock.Elapsed.TotalSeconds, clock.Elapsed.TotalSeconds);
    }
}
