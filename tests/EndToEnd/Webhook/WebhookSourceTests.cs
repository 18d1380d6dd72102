using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.EndToEnd.Webhook;

/// <summary>
/// A real API server sends its events to an agent, and writes them to its log too: so it is known which there were, byte for byte.
/// </summary>
[Requires(Requires.Cluster)]
public sealed class WebhookSourceTests
{
    const int Requests = 150;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryEventIsArchivedOnceThroughKillsANewCertificateAndABrokenSink()
    {
        using var agent = new ReceivingAgent();
        await agent.StartAsync();
        await using var cluster = await TestCluster.StartOwnAsync(agent.ClusterOptions, Cancellation).OrSkipAsync();
        var server = cluster.Server!;

        await LoadAsync(server, 0);
        // In the midst of the load, so that requests are under way.
        for (var round = 1; round <= 4; round++)
        {
            var load = LoadAsync(server, round);
            await Task.Delay(100 * round, Cancellation);
            agent.Kill();
            await agent.StartAsync();
            await load;
        }

        var rotated = LoadAsync(server, 5);
        agent.WriteCertificate();
        await rotated;
        Assert.Equal(0, await agent.StopAsync());
        await agent.StartAsync();
        await LoadAsync(server, 6);

        // The sink is away, and what is received waits in the journal.
        Directory.CreateDirectory(agent.ArchivePath);
        using (new BrokenSink(agent.ArchivePath))
        {
            await LoadAsync(server, 7);
            await Task.Delay(TimeSpan.FromSeconds(3), Cancellation);
        }

        await LoadAsync(server, 8);
        var events = await SettledAsync(agent, server);
        Assert.True(events > 9 * Requests, $"{events} events");
    }

    [Fact]
    public async Task AFullDiskLosesNothingThatWasAnswered()
    {
        using var agent = new ReceivingAgent();
        using var disk = SmallDisk.Mount(agent.StatePath);
        Directory.CreateDirectory(agent.ArchivePath);
        await agent.StartAsync();
        await using var cluster = await TestCluster.StartOwnAsync(agent.ClusterOptions, Cancellation).OrSkipAsync();
        var server = cluster.Server!;
        await LoadAsync(server, 0);
        var deferred = 0L;

        // What waits for the sink fills the disk, long before the journal reaches its limit.
        using (new BrokenSink(agent.ArchivePath))
        {
            for (var round = 1; round < 40 && deferred == 0; round++)
            {
                await LoadAsync(server, round);
                deferred = (await ReceiverAsync(agent)).GetProperty("deferredRequests").GetInt64();
            }

            Assert.True(deferred > 0, "The disk was never full.");
            disk.Grow();
        }

        await LoadAsync(server, 50);
        Assert.True(await SettledAsync(agent, server) > 2 * Requests);
    }

    [Fact]
    public async Task ItsStatusNamesWhoCallsAndAnApiServerThatRestartsGoesOn()
    {
        using var agent = new ReceivingAgent();
        await agent.StartAsync();
        await using var cluster = await TestCluster.StartOwnAsync(agent.ClusterOptions, Cancellation).OrSkipAsync();
        var server = cluster.Server!;
        await LoadAsync(server, 0);
        var before = await SettledAsync(agent, server);

        // It makes events by itself, and those that it has not sent yet are lost with it: its count of dropped ones begins anew.
        server.Kill();
        var lost = await LostWithServerAsync(agent, server);
        Assert.InRange(lost.Count, 0, 400);
        await server.RestartAsync(Cancellation);
        await LoadAsync(server, 1);

        Assert.True(await SettledAsync(agent, server, lost) > before);
        var receiver = await ReceiverAsync(agent);
        var caller = Assert.Single(receiver.GetProperty("callers").EnumerateArray());
        Assert.Equal("kube-apiserver", caller.GetProperty("name").GetString());
        Assert.Equal(0, receiver.GetProperty("refusedRequests").GetInt64());
    }

    static async Task LoadAsync(ClusterServer server, int round)
    {
        for (var at = 0; at < Requests; at++)
        {
            using var answer = await server.Http.PostAsJsonAsync(
                "/api/v1/namespaces/default/configmaps",
                new { apiVersion = "v1", kind = "ConfigMap", metadata = new { name = $"load-{round}-{at}" }, data = new { text = new string('x', at * 10) } },
                Cancellation);
            answer.EnsureSuccessStatusCode();
        }
    }

    // What the API server itself says that its webhook backend has lost.
    static async Task<double> DroppedAsync(ClusterServer server)
    {
        var page = await server.Http.GetStringAsync("/metrics", Cancellation);
        return page.Split('\n').Where(line => line.StartsWith("apiserver_audit_error_total{", StringComparison.Ordinal)
            && line.Contains("webhook", StringComparison.Ordinal)).Sum(line => double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture));
    }

    // What a dead API server has logged, and the agent has not received. All that it has received must be in the archive.
    static async Task<IReadOnlySet<string>> LostWithServerAsync(ReceivingAgent agent, ClusterServer server)
    {
        HashSet<string> archived = [];
        await Eventually.HoldsAsync("all events that were received are in the archive", TimeSpan.FromSeconds(90), async () =>
        {
            var received = (await ReceiverAsync(agent)).GetProperty("receivedEvents").GetInt64();
            archived = [.. ArchivedRecords.OfFolder(agent.ArchivePath).Select(record => record.GetProperty("event").GetRawText())];
            return archived.Count == received;
        }, Cancellation);
        return (await ReadAllLinesAsync(server.AuditLog)).Except(archived).ToHashSet();
    }

    static async Task<JsonElement> ReceiverAsync(ReceivingAgent agent) =>
        (await AgentStatusPage.ReadAsync(await agent.Url)).GetProperty("sources")[0].GetProperty("receiver");

    // The log goes on by itself: what was in it at some time must be in the archive a little later, each once, but for what the API
    // server says that it has dropped: it tries five times in half a minute, and a busy machine may start no agent in that time.
    static async Task<int> SettledAsync(ReceivingAgent agent, ClusterServer server, IReadOnlySet<string>? lost = null)
    {
        var logged = new HashSet<string>();
        HashSet<string> archived = [];
        foreach (var line in await ReadAllLinesAsync(server.AuditLog))
            logged.Add(line);
        logged.ExceptWith(lost ?? new HashSet<string>());
        await Eventually.HoldsAsync("all events that were not dropped are in the archive", TimeSpan.FromSeconds(90), async () =>
        {
            var dropped = await DroppedAsync(server);
            var records = ArchivedRecords.OfFolder(agent.ArchivePath).Select(record => record.GetProperty("event").GetRawText()).ToList();
            Assert.Equal(records.Count, records.Distinct().Count());
            archived = [.. records];
            return logged.Except(archived).Count() == dropped;
        }, Cancellation);
        Assert.Empty(archived.Except(await ReadAllLinesAsync(server.AuditLog)));
        return logged.Count;
    }

    static async Task<string[]> ReadAllLinesAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var text = await reader.ReadToEndAsync(Cancellation);
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>A folder that is a file for a while.</summary>
    sealed class BrokenSink : IDisposable
    {
        readonly string path;

        public BrokenSink(string path)
        {
            this.path = path;
            Directory.Move(path, $"{path}.away");
            File.WriteAllText(path, "");
        }

        public void Dispose()
        {
            File.Delete(path);
            Directory.Move($"{path}.away", path);
        }
    }
}
