using System.Text;
using System.Text.Json;
using ClusterTrail.Testing;

namespace ClusterTrail.EndToEnd;

/// <summary>A node whose agent is replaced by this version.</summary>
public sealed class OlderAgentTests
{
    const int Events = 200;

    /// <summary>The state that an agent left which knew only gzip: tests/data/gzip-agent.</summary>
    [Fact]
    public async Task BatchesThatAnOlderAgentSpooledAreDeliveredAndItsSourceGoesOn()
    {
        using var folder = new AgentFolder();
        Copy(Path.Combine(Path.GetDirectoryName(AuditLog.DataPath("gzip-agent/README.md"))!, "state"), folder.StatePath);
        var lines = AuditLog.Lines().Take(Events).Select(line => line.ToArray()).ToList();
        await File.WriteAllBytesAsync(folder.LogPath, [.. lines.SelectMany(line => line)], TestContext.Current.CancellationToken);

        var configuration = folder.Configuration with { ClusterName = "demo", NodeName = "control-plane-1" };
        using var agent = AgentProcess.Start(folder.Root, configuration);
        var isDelivered = (JsonElement status) => status.GetProperty("sinks")[0].GetProperty("deliveredEvents").GetInt64() == Events;
        await AgentStatusPage.WaitAsync(await agent.Url, isDelivered, TimeSpan.FromSeconds(60));
        Assert.Equal(0, await agent.StopAsync());

        var names = Directory.EnumerateFiles(Path.Combine(folder.ArchivePath, "events"), "*", SearchOption.AllDirectories).ToList();
        Assert.Equal(3, names.Count(name => name.EndsWith(".ndjson.gz", StringComparison.Ordinal)));
        Assert.All(
            names.Where(name => !name.EndsWith(".ndjson.gz", StringComparison.Ordinal)),
            name => Assert.EndsWith(".ndjson.zst", name, StringComparison.Ordinal));
        Assert.Contains(names, name => name.Contains("-apiserver-00000004-", StringComparison.Ordinal));
        var written = lines.Select(line => Encoding.UTF8.GetString(line).TrimEnd('\n')).ToList();
        ArchivedRecords.MustBeExactly(written, ArchivedRecords.OfFolder(folder.ArchivePath));
    }

    static void Copy(string from, string to)
    {
        foreach (var path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
    }
}
