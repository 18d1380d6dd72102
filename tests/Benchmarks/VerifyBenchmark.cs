using System.Diagnostics;
using System.Security.Cryptography;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Chains;

namespace ClusterTrail.Benchmarks;

/// <summary><c>kubectl trail verify</c> beside <c>sha256sum</c> on the same files.</summary>
static class VerifyBenchmark
{
    const int ObjectBytes = 8 << 20;
    const int ObjectsOfADigest = 20;
    const double LeastRatio = 0.8;
    const double MostMegabytes = 150;

    /// <param name="megabytes">How much is stored. The objects are hard links of one file, so that they take no room.</param>
    public static async Task<int> RunAsync(int megabytes)
    {
        using var folder = new TemporaryFolder();
        using var archive = new SimulatedArchive { Now = DateTimeOffset.UtcNow - TimeSpan.FromHours(1) };
        Fill(folder.Path, archive, Math.Max(1, (int)(megabytes * 1_000_000L / ObjectBytes)));
        await File.WriteAllTextAsync(folder.Join("operator.pem"), archive.Operator.Public.Pem);

        var sum = await MeasureAsync("bash", "-c", $"find '{folder.Join("archive")}' -type f -print0 | xargs -0 -n 4 -P {Environment.ProcessorCount} sha256sum");
        var program = Path.Combine(AppContext.BaseDirectory, "kubectl-trail.dll");
        var verify = await MeasureAsync("dotnet", program, "verify", folder.Join("archive"), "--keys", folder.Join("operator.pem"));

        var report = new Report();
        Report.Figure("verify.stored", megabytes, "MB");
        Report.Figure("verify.sha256sum_mb_per_second", megabytes / sum.Seconds, "MB/s");
        Report.Figure("verify.mb_per_second", megabytes / verify.Seconds, "MB/s");
        report.AtLeast("verify.ratio_to_sha256sum", sum.Seconds / verify.Seconds, "ratio", LeastRatio);
        report.AtMost("verify.peak_memory", verify.PeakMegabytes, "MB", MostMegabytes);
        return report.AllWithinLimits ? 0 : 1;
    }

    static void Fill(string folder, SimulatedArchive archive, int objects)
    {
        using var agent = new SimulatedAgent(new Random(1), archive, new("demo", "main", "node-1", "agent"), "apiserver");
        archive.Enrol(agent.Owner, agent.Key.Public, archive.Now);
        agent.SealDigest(DigestReason.Start);
        var named = new List<string>();
        var whole = new byte[ObjectBytes];
        RandomNumberGenerator.Fill(whole);
        for (var at = 0; at < objects; at++)
        {
            named.Add(agent.SealBatch(whole).Name);
            if (named.Count % ObjectsOfADigest == 0)
                Deliver();
        }

        agent.SealDigest(DigestReason.Stop);
        Deliver();
        Link(Path.Combine(folder, "archive"), named, whole);
        archive.WriteTo(Path.Combine(folder, "archive"));

        void Deliver()
        {
            if (!agent.IsStopped)
                agent.SealDigest();
            agent.Deliver();
            named.ForEach(name => archive.Objects.Remove(name));
        }
    }

    // A file may have 65,000 names.
    static void Link(string folder, List<string> names, byte[] content)
    {
        var first = Path.Combine(folder, names[0]);
        Directory.CreateDirectory(Path.GetDirectoryName(first)!);
        File.WriteAllBytes(first, content);
        foreach (var name in names.Skip(1))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
            using var link = Process.Start("ln", [first, Path.Combine(folder, name)]);
            link.WaitForExit();
        }
    }

    static async Task<(double Seconds, double PeakMegabytes)> MeasureAsync(string program, params string[] arguments)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var reading = process.StandardOutput.ReadToEndAsync();
        var peak = 0.0;
        while (!process.WaitForExit(50))
        {
            try
            {
                peak = Math.Max(peak, CpuTime.Megabytes(process.Id, "VmHWM"));
            }
            catch (Exception e) when (e is IOException or InvalidOperationException)
            {
                // It has just ended.
            }
        }

        var seconds = watch.Elapsed.TotalSeconds;
        var output = await reading;
        return process.ExitCode == 0
            ? (seconds, peak)
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}:\n{output}");
    }
}
