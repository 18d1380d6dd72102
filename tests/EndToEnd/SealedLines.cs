using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.EndToEnd;

/// <summary>Has an agent make a batch.</summary>
static class SealedLines
{
    /// <summary>Seals the lines into one batch, and tells where that is.</summary>
    public static async Task<string> AsBatchAsync(
        AgentFolder folder, IReadOnlyList<ReadOnlyMemory<byte>> lines, EncryptionConfiguration encryption, CompressionType codec)
    {
        await using (var log = File.Create(folder.LogPath))
        {
            foreach (var line in lines)
            {
                await log.WriteAsync(line);
            }
        }

        var configuration = folder.Configuration with
        {
            Batch = new() { MaxAgeSeconds = 1, Compression = new() { Type = codec } },
            Encryption = encryption,
        };
        using var agent = AgentProcess.Start(folder.Root, configuration);
        await AgentStatusPage.WaitAsync(
            await agent.Url, status => status.GetProperty("sinks")[0].GetProperty("deliveredEvents").GetInt64() == lines.Count,
            TimeSpan.FromSeconds(60));
        Assert.Equal(0, await agent.StopAsync());
        return Assert.Single(Directory.GetFiles(Path.Combine(folder.ArchivePath, "events"), "*", SearchOption.AllDirectories));
    }
}
