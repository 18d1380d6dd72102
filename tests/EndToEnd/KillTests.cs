using System.Diagnostics;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.EndToEnd;

/// <summary>Agents are killed at random moments while their logs are written and rotated and their sinks fail at random.</summary>
public sealed class KillTests
{
    const int Kills = 200;
    const int Agents = 2;
    const int Seed = 20261122;

    // Of writing: as many while an agent starts as while it works. However slow a machine is, the log grows no faster than it is read.
    const int TurnsOfAStart = 12;

    // One agent with each codec. Each has a log and an archive of its own; it is starting that takes the time, and two can start at once.
    [Fact]
    public Task TheArchivesHoldEveryEventOnceAfterTwoHundredKills() =>
        KillAllAsync(cutsPower: false);

    [Fact]
    public Task TwoHundredPowerCutsLoseNothingThatTheFileSystemHasAndDoubleNothing() => KillAllAsync(cutsPower: true);

    static Task KillAllAsync(bool cutsPower) =>
        Task.WhenAll(Enumerable.Range(Seed, Agents).Select(seed => Task.Run(() => KillAndCompareAsync(seed, Kills / Agents, cutsPower))));

    static async Task KillAndCompareAsync(int seed, int kills, bool cutsPower)
    {
        using var folder = new AgentFolder();
        Directory.CreateDirectory(Whole(folder));
        File.WriteAllText(Broken(folder), "");
        Link(folder, Whole(folder));
        using var log = new RotatingLog(folder.LogPath, seed);
        using var writing = new CancellationTokenSource();
        using var turns = new SemaphoreSlim(0);
        var writer = Task.Run(() => WriteAsync(log, turns, writing.Token));
        var breaking = Task.Run(() => BreakSinkAsync(folder, seed, writing.Token));

        var configuration = Small(folder, CodecOf(seed));
        await KillManyAsync(folder, configuration, seed, kills, turns, cutsPower ? log.CutPowerAsync : () => Task.CompletedTask);
        await writing.CancelAsync();
        await Task.WhenAll(writer, breaking);
        // Whatever a power cut tore has an end.
        await log.WriteSomeAsync(most: 3);
        await RunToTheEndAsync(folder, configuration);

        var ending = CodecOf(seed) == CompressionType.Zstd ? ".zst" : ".gz";
        var batches = Directory.EnumerateFiles(Path.Combine(Whole(folder), "events"), "*", SearchOption.AllDirectories).ToList();
        Assert.All(batches, path => Assert.EndsWith(ending, path));
        MustBeNamed(Whole(folder), batches);
        var archived = ArchivedRecords.OfFolder(folder.ArchivePath);
        if (cutsPower)
        {
            ArchivedRecords.MustBeAllBut(log.Cut, log.Written, archived);
        }
        else
        {
            ArchivedRecords.MustBeExactly(log.Written, archived);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{kills} kills, {log.Written.Count} events, of which power cuts took {log.Cut.Count}");
    }

    // One chain, from the first start to the last stop, that names each batch once.
    static void MustBeNamed(string archive, List<string> batches)
    {
        var digests = DigestedArchive.CheckFolder(archive);
        Assert.Empty(digests.Problems);
        var chain = Assert.Single(digests.Chains).Select(one => one.Digest).ToList();
        Assert.Equal(
            batches.Select(path => Path.GetRelativePath(archive, path)).Order(StringComparer.Ordinal),
            chain.SelectMany(digest => digest.Objects).Select(one => one.Name).Order(StringComparer.Ordinal));
        Assert.Equal((DigestReason.Start, DigestReason.Stop), (chain[0].Reason, chain[^1].Reason));
        Assert.All(chain, digest => Assert.Empty(digest.Lost));
    }

    static async Task KillManyAsync(
        AgentFolder folder, AgentConfiguration configuration, int seed, int kills, SemaphoreSlim turns, Func<Task> cutPower)
    {
        var random = new Random(seed);
        for (var kill = 0; kill < kills; kill++)
        {
            using var agent = AgentProcess.Start(folder.Root, configuration);
            turns.Release(TurnsOfAStart);
            // Some die while they start, most in the middle of work.
            if (random.Next(5) > 0)
            {
                await agent.Url;
                turns.Release(TurnsOfAStart);
            }

            await Task.Delay(random.Next(300));
            agent.Kill();
            await cutPower();
        }
    }

    static async Task RunToTheEndAsync(AgentFolder folder, AgentConfiguration configuration)
    {
        using var agent = AgentProcess.Start(folder.Root, configuration);
        // Longer than the agent needs to look for what grew after its rotation.
        await Task.Delay(TimeSpan.FromSeconds(1));
        await AgentStatusPage.WaitAsync(await agent.Url, AgentStatusPage.IsDone, TimeSpan.FromMinutes(5));
        Assert.Equal(0, await agent.StopAsync());
    }

    static CompressionType CodecOf(int seed) => seed % 2 == 0 ? CompressionType.Zstd : CompressionType.Gzip;

    static AgentConfiguration Small(AgentFolder folder, CompressionType codec) =>
        folder.Configuration with { Batch = new() { MaxBytes = 96 << 10, MaxAgeSeconds = 1, Compression = new() { Type = codec } } };

    static async Task WriteAsync(RotatingLog log, SemaphoreSlim turns, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await turns.WaitAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await log.WriteSomeAsync(most: 12);
            await Task.Delay(20, CancellationToken.None);
        }
    }

    // The archive is a link, swapped in one rename between the folder and a file: with the file every put fails.
    static async Task BreakSinkAsync(AgentFolder folder, int seed, CancellationToken stopping)
    {
        var random = new Random(seed);
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
