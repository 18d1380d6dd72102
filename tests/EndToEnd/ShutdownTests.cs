using System.Diagnostics;
using ClusterTrail.Testing;

namespace ClusterTrail.EndToEnd;

/// <summary>An agent is stopped while its sink accepts nothing.</summary>
public sealed class ShutdownTests
{
    const int GraceSeconds = 4;

    [Fact]
    public async Task AStoppingAgentTriesForAsLongAsTheGraceLastsAndExitsWithZero()
    {
        using var folder = new AgentFolder();
        File.WriteAllBytes(folder.LogPath, AuditLog.Lines()[0].ToArray());
        File.WriteAllText(folder.ArchivePath, "A file where the archive should be.");
        using var agent = AgentProcess.Start(folder.Root, folder.Configuration with { ShutdownGraceSeconds = GraceSeconds });
        await AgentStatusPage.WaitAsync(
            await agent.Url, status => status.GetProperty("sinks")[0].TryGetProperty("lastError", out _), TimeSpan.FromSeconds(60));

        var started = Stopwatch.StartNew();
        var exitCode = await agent.StopAsync();

        Assert.Equal(0, exitCode);
        Assert.True(started.Elapsed >= TimeSpan.FromSeconds(GraceSeconds), $"It gave up after {started.Elapsed}.");
        Assert.Single(Directory.GetFiles(folder.StatePath, "apiserver-*.batch", SearchOption.AllDirectories));
    }
}
