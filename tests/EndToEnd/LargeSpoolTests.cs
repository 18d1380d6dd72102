using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ClusterTrail.Agent.Files;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Testing;

namespace ClusterTrail.EndToEnd;

/// <summary>An agent starts after a long outage: very many batches wait, and the log has very many rotated files.</summary>
public sealed class LargeSpoolTests
{
    const int Batches = 50_000;
    const int OldBatches = 300;
    const int Siblings = 1000;
    const long MostResidentKilobytes = 150 << 10;

    static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task MemoryAtTheStartDoesNotGrowWithWhatWaits()
    {
        using var folder = new AgentFolder();
        WriteLog(folder.LogPath);
        await FillSpoolAsync(folder);
        var sample = Directory.EnumerateFiles(Path.Combine(folder.StatePath, "spool"), "*.batch").Order().Last();
        Multiply(sample);
        File.Delete(folder.ArchivePath);

        var starting = Stopwatch.StartNew();
        using var agent = AgentProcess.Start(folder.Root, folder.Configuration);
        var url = await agent.Url.WaitAsync(Timeout, TestContext.Current.CancellationToken);
        var started = starting.Elapsed;
        await AgentStatusPage.WaitAsync(url, status => Delivered(status) > 500 && AgentStatusPage.HasReadAll(status), Timeout);

        var resident = PeakKilobytes(agent.Id);
        TestContext.Current.TestOutputHelper?.WriteLine($"{started.TotalSeconds:F1} s, {resident >> 10} MiB");
        Assert.InRange(started, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.InRange(resident, 1, MostResidentKilobytes);
        Assert.False(Directory.Exists(Path.Combine(folder.StatePath, "spool", "quarantine")));
    }

    // An agent that delivers nothing leaves a batch whose progress names every file.
    static async Task FillSpoolAsync(AgentFolder folder)
    {
        await File.WriteAllTextAsync(folder.ArchivePath, "no folder");
        using var agent = AgentProcess.Start(folder.Root, folder.Configuration with { ShutdownGraceSeconds = 0 });
        await AgentStatusPage.WaitAsync(
            await agent.Url, status => AgentStatusPage.HasReadAll(status) && Read(status) == Siblings + 1, Timeout);
        Assert.Equal(0, await agent.StopAsync());
    }

    // Of another source, which is not configured any more: older, and one object in the end.
    static void Multiply(string sample)
    {
        var folder = Path.GetDirectoryName(sample)!;
        var ((header, content), end) = (SpoolFile.Read(sample, new()), SpoolFile.ReadEnd(sample));
        for (var number = 1; number <= OldBatches; number++)
        {
            // As agents of version 1 left them: each with the whole progress.
            var old = Path.Combine(folder, SpoolName.Of("older", number, null));
            CheckedFile.Write(
                old, "spool", 1,
                JsonSerializer.SerializeToUtf8Bytes(header with { ContentBytes = null, End = end }, SpoolJson.Default.SpoolHeader),
                content.Span);
            File.SetLastWriteTimeUtc(old, DateTime.UnixEpoch.AddSeconds(number));
        }

        var progressless = sample + ".copy";
        File.Copy(sample, progressless);
        Assert.InRange(new FileInfo(sample).Length - SpoolFile.CutEnd(progressless), 25_000, 1_000_000);
        var bytes = File.ReadAllBytes(progressless);
        File.Delete(progressless);
        for (var number = OldBatches + 1; number <= Batches; number++)
        {
            var name = SpoolName.Of("older", number, DateTimeOffset.UnixEpoch.AddSeconds(number));
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
        }
    }

    static void WriteLog(string path)
    {
        for (var number = 0; number <= Siblings; number++)
        {
            var line = Encoding.UTF8.GetString(AuditLine.Of(("auditID", $"\"{number}\"")));
            var at = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(number);
            var file = number == Siblings ? path : Path.Combine(Path.GetDirectoryName(path)!, $"audit-{at:yyyy-MM-ddTHH-mm-ss.fff}.log");
            File.WriteAllText(file, line + "\n");
            File.SetLastWriteTimeUtc(file, at);
        }
    }

    static int Delivered(JsonElement status) => status.GetProperty("sinks")[0].GetProperty("deliveredBatches").GetInt32();

    static long Read(JsonElement status) => status.GetProperty("sources")[0].GetProperty("readEvents").GetInt64();

    static long PeakKilobytes(int process) => long.Parse(
        File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
