using System.Diagnostics;
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
        Directory.CreateDirectory(Whole(folder));
        File.WriteAllText(Broken(folder), "");
        Link(folder, Whole(folder));
        using var log = new RotatingLog(folder.LogPath, Seed);
        using var writing = new CancellationTokenSource();
        var writer = Task.Run(() => WriteAsync(log, writing.Token));
        var breaking = Task.Run(() => BreakSinkAsync(folder, writing.Token));

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

    // The archive is a link, swapped in one rename between the folder and a file: with the file every put fails.
    static async Task BreakSinkAsync(AgentFolder folder, CancellationToken stopping)
    {
        var random = new Random(Seed);
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(random.Next(1000), CancellationToken.None);
            Link(folder, Broken(folder));
            await Task.Delay(random.Next(400), CancellationToken.None);
            Link(folder, Whole(folder));
        }
    }

    static string Whole(AgentFolder folder) => Path.Combine(folder.Root, "whole");

    static string Broken(AgentFolder folder) => Path.Combine(folder.Root, "broken");

    static void Link(AgentFolder folder, string target)
    {
        var link = Path.Combine(folder.Root, "link");
        File.CreateSymbolicLink(link, target);
        // The class library renames no link to a folder.
        using var rename = Process.Start("mv", ["-T", link, folder.ArchivePath]);
        rename.WaitForExit();
        Assert.Equal(0, rename.ExitCode);
    }
}
