using ClusterTrail.Testing;

namespace ClusterTrail.EndToEnd;

/// <summary>The agent is killed at random moments while its log is written and rotated and its sink fails at random.</summary>
public sealed class KillTests
{
    const int Kills = 200;
    const int Seed = 20261122;

    [Fact]
    public async Task TheArchiveHoldsEveryEventOnceAfterTwoHundredKills()
    {
        using var folder = new AgentFolder();
        using var log = new RotatingLog(folder.LogPath, Seed);
        using var writing = new CancellationTokenSource();
        var writer = Task.Run(() => WriteAsync(log, writing.Token));
        var breaking = Task.Run(() => BreakSinkAsync(folder.ArchivePath, writing.Token));

        await KillManyAsync(folder);
        await writing.CancelAsync();
        await Task.WhenAll(writer, breaking);
        await RunToTheEndAsync(folder);

        ArchivedRecords.MustBeExactly(log.Written, ArchivedRecords.OfFolder(folder.ArchivePath));
        TestContext.Current.TestOutputHelper?.WriteLine($"{Kills} kills, {log.Written.Count} events");
    }

    static async Task KillManyAsync(AgentFolder folder)
    {
        var random = new Random(Seed);
        for (var kill = 0; kill < Kills; kill++)
        {
            using var agent = AgentProcess.Start(folder.Root, Small(folder));
            // Some die while they start, most in the middle of work.
            if (random.Next(5) > 0)
            {
                await agent.Url;
            }

            await Task.Delay(random.Next(300));
            agent.Kill();
        }
    }

    static async Task RunToTheEndAsync(AgentFolder folder)
    {
        using var agent = AgentProcess.Start(folder.Root, Small(folder));
        // Longer than the agent needs to look for what grew after its rotation.
        await Task.Delay(TimeSpan.FromSeconds(1));
        await AgentStatusPage.WaitAsync(await agent.Url, AgentStatusPage.IsDone, TimeSpan.FromSeconds(60));
        Assert.Equal(0, await agent.StopAsync());
    }

    static Contract.AgentConfiguration Small(AgentFolder folder) => folder.Configuration with { Batch = new() { MaxBytes = 96 << 10, MaxAgeSeconds = 1 } };

    static async Task WriteAsync(RotatingLog log, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await log.WriteSomeAsync(most: 12);
            await Task.Delay(20, CancellationToken.None);
        }
    }

    // A file where the archive should be: every put fails, until the folder is back.
    static async Task BreakSinkAsync(string archive, CancellationToken stopping)
    {
        var random = new Random(Seed);
        var away = archive + ".away";
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(random.Next(1000), CancellationToken.None);
            if (Directory.Exists(archive))
            {
                Directory.Move(archive, away);
                await File.WriteAllTextAsync(archive, "", CancellationToken.None);
                await Task.Delay(random.Next(400), CancellationToken.None);
                File.Delete(archive);
                Directory.Move(away, archive);
            }
        }
    }
}
