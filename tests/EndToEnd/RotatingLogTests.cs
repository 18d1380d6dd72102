using System.IO.Compression;
using System.Text;
using ClusterTrail.Testing;

namespace ClusterTrail.EndToEnd;

/// <summary>What the kill tests know of their log is true: otherwise they would blame an agent, or excuse it.</summary>
public sealed class RotatingLogTests
{
    const int Seeds = 20;
    const int PowerCuts = 30;

    [Fact]
    public async Task EveryEventThatNoPowerCutTookIsInAFileAsItWasWritten()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            using var folder = new AgentFolder();
            using var log = new RotatingLog(folder.LogPath, seed);
            for (var cut = 0; cut < PowerCuts; cut++)
            {
                await log.WriteSomeAsync(most: 12);
                await log.CutPowerAsync();
            }

            await log.WriteSomeAsync(most: 3);

            var there = Directory.EnumerateFiles(Path.GetDirectoryName(folder.LogPath)!).SelectMany(LinesOf).ToHashSet();
            Assert.Empty(log.Written.Except(log.Cut).Except(there));
        }
    }

    // NULs stand for what the file system had no bytes of; a line may begin behind them.
    static IEnumerable<string> LinesOf(string path)
    {
        using var stream = File.OpenRead(path);
        using var reader = new StreamReader(path.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(stream, CompressionMode.Decompress)
            : stream, Encoding.UTF8);
        return [.. reader.ReadToEnd().Split('\n')[..^1].Select(line => line[(line.LastIndexOf('\0') + 1)..])];
    }
}
