using System.Net;
using System.Text;
using ClusterTrail.Testing;

namespace ClusterTrail.EndToEnd;

/// <summary>Somebody moves or removes the state folder of a running agent.</summary>
public sealed class StateFolderTests : IDisposable
{
    static readonly HttpClient Http = new();
    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    static readonly string[] Events =
    [
        .. AuditLog.Lines().Where(line => line.Length < 5000).Take(40).Select(line => Encoding.UTF8.GetString(line.Span).TrimEnd('\n')),
    ];

    readonly AgentFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task RemovedTheAgentStopsWithASentenceAndTheNextOneRecordsWhatTheLogHas()
    {
        File.WriteAllLines(folder.LogPath, Events);
        using (var agent = AgentProcess.Start(folder.Root, folder.Configuration with { Batch = new() { MaxAgeSeconds = 3600 } }))
        {
            await AgentStatusPage.WaitAsync(
                await agent.Url, status => status.GetProperty("sources")[0].GetProperty("readEvents").GetInt64() == Events.Length, Timeout);

            Directory.Delete(folder.StatePath, recursive: true);

            Assert.Equal(1, await agent.WaitAsync());
            Assert.Contains($"stateDirectory {folder.StatePath} was removed while the agent ran", agent.Output, StringComparison.Ordinal);
            Assert.False(Directory.Exists(folder.StatePath));
        }

        using var next = AgentProcess.Start(folder.Root, folder.Configuration);
        await AgentStatusPage.WaitAsync(await next.Url, AgentStatusPage.IsDone, Timeout);
        Assert.Equal(0, await next.StopAsync());
        ArchivedRecords.MustBeExactly(Events, ArchivedRecords.OfFolder(folder.ArchivePath));
    }

    [Fact]
    public async Task MovedTheAgentIsNotReadyAndWritesNothingUntilTheFolderIsBack()
    {
        File.WriteAllLines(folder.LogPath, Events[..20]);
        using var agent = AgentProcess.Start(folder.Root, folder.Configuration);
        var url = await agent.Url;
        await AgentStatusPage.WaitAsync(url, AgentStatusPage.IsDone, Timeout);

        Directory.Move(folder.StatePath, folder.StatePath + ".away");
        Directory.CreateDirectory(Path.Combine(folder.StatePath, "spool"));
        File.AppendAllLines(folder.LogPath, Events[20..]);
        await AgentStatusPage.WaitAsync(
            url, status => status.GetProperty("sources")[0].GetProperty("state").GetString() == "Failed", Timeout);
        using (var ready = await Http.GetAsync(new Uri(url, "readyz")))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            Assert.Contains("was moved away or covered", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await Task.Delay(TimeSpan.FromSeconds(2)); // longer than a batch is open
        Assert.Empty(Directory.EnumerateFiles(folder.StatePath, "*", SearchOption.AllDirectories));
        Directory.Delete(folder.StatePath, recursive: true);
        Directory.Move(folder.StatePath + ".away", folder.StatePath);

        await AgentStatusPage.WaitAsync(url, AgentStatusPage.IsDone, Timeout);
        Assert.Equal(0, await agent.StopAsync());
        ArchivedRecords.MustBeExactly(Events, ArchivedRecords.OfFolder(folder.ArchivePath));
    }
}
