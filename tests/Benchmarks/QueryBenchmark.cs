using System.Diagnostics;
using ClusterTrail.Archive.Sealing;
using ClusterTrail.Testing;

namespace ClusterTrail.Benchmarks;

/// <summary><c>kubectl trail export</c> of an archive as an agent writes it, and ten questions to the export.</summary>
static class QueryBenchmark
{
    const double MostSeconds = 1;

    const string Refused = "SELECT user, count(*) AS n FROM events WHERE status = 403 GROUP BY user ORDER BY n DESC";

    static readonly IReadOnlyList<(string Name, string Sql)> Questions =
    [
        ("refused", Refused),
        ("secrets", "SELECT user, source_ip, verb, count(*), min(time), max(time) FROM events WHERE resource = 'secrets' GROUP BY ALL"),
        ("rbac", "SELECT time, user, name FROM events WHERE \"group\" = 'rbac.authorization.k8s.io' AND verb = 'create' ORDER BY time LIMIT 9"),
        ("address", "SELECT user, verb, resource, status, count(*) FROM events WHERE source_ip = '10.0.0.7' GROUP BY ALL"),
        ("first_seen", "SELECT user, source_ip, min(time) AS first_seen, count(*) FROM events GROUP BY ALL ORDER BY first_seen DESC"),
        ("deleted", "SELECT time, user, source_ip FROM events WHERE resource = 'namespaces' AND verb = 'delete' ORDER BY time LIMIT 100"),
        ("service_accounts", "SELECT user, count(*) FROM events WHERE user LIKE 'system:serviceaccount:%' AND status >= 400 GROUP BY user"),
        ("busiest", "SELECT user, count(*) AS n, count(DISTINCT resource) FROM events GROUP BY user ORDER BY n DESC LIMIT 10"),
        ("histogram", "SELECT date_trunc('minute', time) AS minute, category, count(*) FROM events GROUP BY ALL ORDER BY ALL"),
        ("newest", "SELECT * EXCLUDE (record) FROM events ORDER BY time DESC LIMIT 50"),
    ];

    public static async Task<int> RunAsync(int megabytes)
    {
        using var folder = new AgentFolder();
        var pair = KeyPair.GenerateP256();
        await File.WriteAllTextAsync(Path.Combine(folder.Root, "key.pem"), pair.PrivatePem);
        var bytes = AgentRun.WriteLog(folder.LogPath, megabytes * 1_000_000L);
        await AgentRun.OverAsync(folder, bytes, LookupBenchmark.Configuration(folder, pair));
        File.Delete(folder.LogPath);

        var report = new Report();
        Report.Figure("log.size", bytes / 1e6, "MB");
        var export = Path.Combine(folder.Root, "export");
        string[] key = ["--key", Path.Combine(folder.Root, "key.pem")];
        var exporting = await RunAsync(["export", LookupBenchmark.Archive(folder), "--to", export, .. key]);
        Report.Figure("export.seconds", exporting.Seconds, "s");
        Report.Figure("export.mb_per_core_second", bytes / 1e6 / exporting.CpuSeconds, "MB/s");
        Report.Figure("export.peak_memory", exporting.PeakMegabytes, "MB");
        Report.Figure("export.stored_per_byte", SizeOf(export) / (double)bytes, "ratio");
        var refused = 0.0;
        foreach (var (name, sql) in Questions)
        {
            var asking = await RunAsync(["query", export, sql, "-o", "json"]);
            report.AtMost($"query.{name}_s", asking.Seconds, "s", MostSeconds);
            refused = name == "refused" ? asking.CpuSeconds : refused;
        }

        var ofArchive = await RunAsync(["query", LookupBenchmark.Archive(folder), Refused, "-o", "json", .. key]);
        Report.Figure("query.archive_s", ofArchive.Seconds, "s");
        Report.Figure("query.archive_peak_memory", ofArchive.PeakMegabytes, "MB");
        var jq = await LookupBenchmark.JqSecondsAsync(folder, "select(.event.responseStatus.code == 403) | .userIdentity.userName");
        Report.Figure("query.jq_cpu_s", jq, "s");
        Report.Figure("query.ratio_to_jq", jq / refused, "ratio");
        Report.Figure("query.archive_ratio_to_jq", jq / ofArchive.CpuSeconds, "ratio");
        return report.AllWithinLimits ? 0 : 1;
    }

    static long SizeOf(string folder) =>
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Sum(path => new FileInfo(path).Length);

    static async Task<(double Seconds, double CpuSeconds, double PeakMegabytes)> RunAsync(IEnumerable<string> arguments)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("CLUSTERTRAIL_KUBECTL")!, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (printing, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        var (cpu, peak) = (0.0, 0.0);
        while (!process.WaitForExit(5))
        {
            try
            {
                (cpu, peak) = (CpuTime.OfProcess(process.Id), CpuTime.Megabytes(process.Id, "VmHWM"));
            }
            catch (Exception e) when (e is IOException or InvalidOperationException)
            {
                // It has just ended.
            }
        }

        var seconds = watch.Elapsed.TotalSeconds;
        await printing;
        return process.ExitCode == 0 ? (seconds, cpu, peak) : throw new InvalidOperationException(await errors);
    }
}
