using System.Diagnostics;
using System.Globalization;
using ClusterTrail.Archive.Sealing;
using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.Benchmarks;

/// <summary><c>kubectl trail lookup</c> over an archive as an agent writes it, beside <c>zstd | jq</c> on a part of the same.</summary>
static class LookupBenchmark
{
    const double MegabytesPerCoreSecond = 400;
    const double FirstRowSeconds = 0.5;
    const double PeakMegabytes = 200;
    const int ObjectsForJq = 12;

    // Of nobody: all must be looked at.
    const string Nobody = "nobody@example.com";

    public static async Task<int> RunAsync(int megabytes)
    {
        using var folder = new AgentFolder();
        var pair = KeyPair.GenerateP256();
        await File.WriteAllTextAsync(Path.Combine(folder.Root, "key.pem"), pair.PrivatePem);
        var bytes = AgentRun.WriteLog(folder.LogPath, megabytes * 1_000_000L);
        await AgentRun.OverAsync(folder, bytes, Configuration(folder, pair));
        File.Delete(folder.LogPath);

        var report = new Report();
        Report.Figure("log.size", bytes / 1e6, "MB");
        var byUser = await LookupAsync(folder, "--user", Nobody);
        var perSecond = bytes / 1e6 / byUser.CpuSeconds;
        report.AtLeast("lookup.mb_per_core_second", perSecond, "MB/s", MegabytesPerCoreSecond);
        var byField = await LookupAsync(folder, "--where", $"user.username Equals {Nobody}");
        Report.Figure("lookup.where_mb_per_core_second", bytes / 1e6 / byField.CpuSeconds, "MB/s");
        report.AtMost("lookup.peak_memory", Math.Max(byUser.PeakMegabytes, byField.PeakMegabytes), "MB", PeakMegabytes);
        report.AtMost("lookup.first_row_s", (await LookupAsync(folder, "--limit", "1")).FirstSeconds, "s", FirstRowSeconds);
        var jq = bytes / 1e6 / await JqSecondsAsync(folder, $"select(.userIdentity.userName == \"{Nobody}\")");
        Report.Figure("lookup.jq_mb_per_core_second", jq, "MB/s");
        Report.Figure("lookup.ratio_to_jq", perSecond / jq, "ratio");
        return report.AllWithinLimits ? 0 : 1;
    }

    /// <summary>Everything, for two recipients; one has the key of <c>key.pem</c>.</summary>
    internal static AgentConfiguration Configuration(AgentFolder folder, KeyPair pair)
    {
        var own = Path.Combine(folder.Root, "own.pem");
        File.WriteAllText(own, pair.PublicPem);
        var configuration = AgentRun.Sealed(folder);
        return configuration with
        {
            Selectors = null,
            Encryption = configuration.Encryption! with
            {
                Envelope = new() { RecipientPaths = [own, configuration.Encryption.Envelope!.RecipientPaths[1]] },
            },
        };
    }

    static async Task<(double CpuSeconds, double PeakMegabytes, double FirstSeconds)> LookupAsync(AgentFolder folder, params string[] question)
    {
        var program = Environment.GetEnvironmentVariable("CLUSTERTRAIL_KUBECTL")!;
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(
            program, ["lookup", Archive(folder), "--key", Path.Combine(folder.Root, "key.pem"), "-o", "json", .. question])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var first = 0.0;
        var reading = Task.Run(async () =>
        {
            await process.StandardOutput.ReadLineAsync();
            first = watch.Elapsed.TotalSeconds;
            await process.StandardOutput.ReadToEndAsync();
        });
        var errors = process.StandardError.ReadToEndAsync();
        var (cpu, peak) = (0.0, 0.0);
        while (!process.WaitForExit(10))
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

        await reading;
        return process.ExitCode == 0 ? (cpu, peak, first) : throw new InvalidOperationException(await errors);
    }

    // With the programs that everybody has. They are slow, so only a part of the objects is read.
    /// <summary>CPU-seconds that the usual programs would take for all objects.</summary>
    internal static async Task<double> JqSecondsAsync(AgentFolder folder, string filter)
    {
        var objects = Directory.GetFiles(Archive(folder), "*.cms", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        var some = objects.Take(ObjectsForJq).ToList();
        var share = some.Sum(path => new FileInfo(path).Length) / (double)objects.Sum(path => new FileInfo(path).Length);
        const string Script = """
            TIMEFORMAT='%U %S'
            time for object in "${@:3}"; do openssl cms -decrypt -inform DER -inkey "$1" -in "$object" | zstd -dc; done | jq -c "$2" >/dev/null
            """;
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", Script, "bash", Path.Combine(folder.Root, "key.pem"), filter, .. some])
        {
            RedirectStandardError = true,
        })!;
        var times = (await process.StandardError.ReadToEndAsync()).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        await process.WaitForExitAsync();
        return times.TakeLast(2).Sum(time => double.Parse(time, CultureInfo.InvariantCulture)) / share;
    }

    internal static string Archive(AgentFolder folder) => Path.Combine(folder.Root, "archive");
}
