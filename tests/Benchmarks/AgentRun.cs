using System.Globalization;
using System.Security.Cryptography;
using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.Benchmarks;

/// <summary>What an agent, as a process, needed to deliver a whole log.</summary>
/// <param name="LaterMegabytesPerCpuSecond">Of about the second half of the log: without start, and with nearly all code compiled.</param>
/// <param name="ThreadMegabytesPerCpuSecond">By the CPU of the pipeline's thread alone: without start, uploads and compilation.</param>
sealed record AgentRun(
    double MegabytesPerCpuSecond, double LaterMegabytesPerCpuSecond, double ThreadMegabytesPerCpuSecond, double PeakMegabytes,
    double PeakAfterQuarterMegabytes, double StoredPerLogByte, double ProportionalMegabytes)
{
    const string Cpu = "process_cpu_seconds_total";

    /// <summary>Writes the real log again and again, up to this size; gives the size.</summary>
    public static long WriteLog(string path, long bytes)
    {
        using var log = File.Create(path);
        while (log.Length < bytes)
        {
            log.Write(AuditLog.Content);
        }

        return log.Length;
    }

    /// <param name="atEnd">Waited for before the agent is measured and stops.</param>
    public static async Task<AgentRun> OverAsync(AgentFolder folder, long bytes, AgentConfiguration configuration, Action? atEnd = null)
    {
        using var agent = AgentProcess.Start(folder.Root, configuration);
        using var page = new MetricsPage(await agent.Url);
        var quarter = 0.0;
        (double Read, double Cpu)? half = null;
        MetricsPage.Values values;
        do
        {
            // As often as Prometheus would at its busiest: a scrape costs CPU too.
            await Task.Delay(1000);
            values = await page.ReadAsync();
            var read = values["clustertrail_source_read_bytes_total"];
            half ??= read >= bytes / 2.0 && read < bytes ? (read, values[Cpu]) : null;
            quarter = read < bytes / 4.0 ? CpuTime.Megabytes(agent.Id, "VmHWM") : quarter;
        }
        while (!IsDelivered(values, bytes));

        atEnd?.Invoke();
        var cpu = CpuTime.OfProcess(agent.Id);
        // A log that is read in a second has no second half.
        var (readBefore, cpuBefore) = half ?? (double.NaN, double.NaN);
        var run = new AgentRun(
            bytes / 1e6 / cpu, (bytes - readBefore) / 1e6 / (values[Cpu] - cpuBefore), bytes / 1e6 / CpuTime.OfBusiestThread(agent.Id),
            CpuTime.Megabytes(agent.Id, "VmHWM"), quarter,
            values["clustertrail_delivered_bytes_total"] / bytes, CpuTime.ProportionalMegabytes(agent.Id));
        atEnd?.Invoke();
        await agent.StopAsync();
        return run;
    }

    /// <summary>Whether so much was read, and all that is selected of it delivered.</summary>
    static bool IsDelivered(MetricsPage.Values values, long bytes) =>
        values["clustertrail_source_read_bytes_total"] >= bytes
        && values["clustertrail_delivered_events_total"] >= values["clustertrail_selected_events_total"]
        + values["clustertrail_insight_records_total"];

    /// <summary>What a bank would run: 20 rules, envelopes for two recipients, batches and polling as they are by default.</summary>
    public static AgentConfiguration Sealed(AgentFolder folder, string? log = null) => folder.Configuration with
    {
        Sources = [new() { Name = "apiserver", Type = SourceType.LogFile, LogFile = new() { Path = log ?? folder.LogPath } }],
        Selectors = AuditLog.DataPath("selectors-20-rules.json"),
        Batch = new(),
        Encryption = new()
        {
            Type = EncryptionType.Envelope,
            Envelope = new()
            {
                RecipientPaths =
                [
                    PublicKey(folder.Root, ECCurve.NamedCurves.nistP256),
                    PublicKey(folder.Root, ECCurve.NamedCurves.nistP384),
                ],
            },
        },
    };

    static string PublicKey(string folder, ECCurve curve)
    {
        using var key = ECDsa.Create(curve);
        var path = Path.Combine(folder, $"{key.KeySize.ToString(CultureInfo.InvariantCulture)}.pem");
        File.WriteAllText(path, key.ExportSubjectPublicKeyInfoPem());
        return path;
    }
}
