using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.Benchmarks;

/// <summary>What recording the output of many busy containers costs: one agent over all of their logs, half of which it finds.</summary>
static class ContainersBenchmark
{
    const int Containers = 200;
    const int Turns = 20;
    const double MostPeakMegabytes = 120;

    static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public static async Task<int> RunAsync(int megabytes)
    {
        using var folder = new AgentFolder();
        var pods = Directory.CreateDirectory(Path.Combine(folder.Root, "pods")).FullName;
        var logs = Enumerable.Range(0, Containers).Select(number => new ContainerOutput(pods, number)).ToList();
        var each = megabytes * 1_000_000L / Containers;
        logs.ForEach(log => log.WriteTo(each / 2));

        using var agent = AgentProcess.Start(folder.Root, Configuration(folder, pods));
        using var page = new MetricsPage(await agent.Url);
        for (var turn = 1; turn <= Turns; turn++)
        {
            logs.ForEach(log => log.WriteTo((each / 2) + (each / 2 * turn / Turns)));
        }

        var (lines, bytes) = (logs.Sum(log => log.Lines), logs.Sum(log => log.Bytes));
        logs.ForEach(log => log.Dispose());
        var values = await DeliveredAsync(page, lines);
        var report = Figures(agent.Id, values, lines, bytes);
        await agent.StopAsync();
        return report.AllWithinLimits ? 0 : 1;
    }

    static Report Figures(int agent, MetricsPage.Values values, long lines, long bytes)
    {
        var report = new Report();
        Report.Figure("containers.files", Containers, "files");
        Report.Figure("containers.lines", lines, "lines");
        Report.Figure("containers.log_size", bytes / 1e6, "MB");
        Report.Figure("containers.mb_per_cpu_second", bytes / 1e6 / CpuTime.OfProcess(agent), "MB/s");
        Report.Figure("containers.thread_mb_per_cpu_second", bytes / 1e6 / CpuTime.OfBusiestThread(agent), "MB/s");
        report.AtMost("containers.peak_rss_mb", CpuTime.Megabytes(agent, "VmHWM"), "MB", MostPeakMegabytes);
        Report.Figure("containers.stored_per_log_byte", values["clustertrail_delivered_bytes_total"] / bytes, "ratio");
        // Each line once: neither lost nor recorded twice.
        report.AtMost("containers.lines_missing_or_repeated", Math.Abs(lines - values["clustertrail_delivered_events_total"]), "lines", 0);
        report.AtMost("containers.lines_cut_or_unparsable", Damaged(values), "lines", 0);
        report.AtMost("containers.gaps", values["clustertrail_source_gaps_total"], "gaps", 0);
        return report;
    }

    static double Damaged(MetricsPage.Values values) =>
        values["clustertrail_truncated_events_total"] + values["clustertrail_unparsable_events_total"];

    // Until all is there. If something is missing, what is there in the end is what the figures are of.
    static async Task<MetricsPage.Values> DeliveredAsync(MetricsPage page, long lines)
    {
        using var giveUp = new CancellationTokenSource(Longest);
        MetricsPage.Values values;
        do
        {
            await Task.Delay(1000);
            values = await page.ReadAsync();
        }
        while (values["clustertrail_delivered_events_total"] < lines && !giveUp.IsCancellationRequested);

        return values;
    }

    static AgentConfiguration Configuration(AgentFolder folder, string pods) => AgentRun.Sealed(folder) with
    {
        Sources =
        [
            new()
            {
                Name = "output",
                Type = SourceType.Containers,
                Containers = new() { Path = pods, Rules = [new() { Namespaces = ["shop"], Format = OutputFormat.Json }] },
            },
        ],
    };
}
