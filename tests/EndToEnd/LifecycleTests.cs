using System.Diagnostics;
using System.Net;
using System.Text;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Testing;

namespace ClusterTrail.EndToEnd;

/// <summary>How an agent starts, is changed and stops, as a process.</summary>
public sealed class LifecycleTests : IDisposable
{
    const string Secret = "a-secret-that-nobody-may-see";

    static readonly HttpClient Http = new();
    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    static readonly string[] Events =
    [
        .. AuditLog.Lines().Where(line => line.Length < 5000).Take(50).Select(line => Encoding.UTF8.GetString(line.Span).TrimEnd('\n')),
    ];

    readonly AgentFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task SigtermDeliversWhatTheOpenBatchHolds()
    {
        Write(Events);
        using var agent = AgentProcess.Start(folder.Root, folder.Configuration with { Batch = new() { MaxAgeSeconds = 3600 } });
        await AgentStatusPage.WaitAsync(await agent.Url, HasRead(Events.Length), Timeout);
        Assert.False(Directory.Exists(Path.Combine(folder.ArchivePath, "events")));

        Assert.Equal(0, await agent.StopAsync());

        ArchivedRecords.MustBeExactly(Events, ArchivedRecords.OfFolder(folder.ArchivePath));
    }

    [Fact]
    public async Task WhenTheGraceRunsOutTheNextStartDeliversTheRest()
    {
        Write(Events);
        await File.WriteAllTextAsync(folder.ArchivePath, "no folder");
        using (var agent = AgentProcess.Start(folder.Root, folder.Configuration with { ShutdownGraceSeconds = 1 }))
        {
            await AgentStatusPage.WaitAsync(await agent.Url, HasRead(Events.Length), Timeout);
            var stopping = Stopwatch.StartNew();

            Assert.Equal(0, await agent.StopAsync());

            Assert.InRange(stopping.Elapsed, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(15));
            Assert.Contains("wait in the spool for the next start", agent.Output);
        }

        File.Delete(folder.ArchivePath);
        await RunUntilDoneAsync();

        ArchivedRecords.MustBeExactly(Events, ArchivedRecords.OfFolder(folder.ArchivePath));
    }

    [Fact]
    public async Task ASecondAgentOnTheSameStateFolderIsRefused()
    {
        using var first = AgentProcess.Start(folder.Root, folder.Configuration);
        await first.Url;

        using var second = AgentProcess.Start(folder.Root, folder.Configuration);

        Assert.Equal(2, await second.WaitAsync());
        Assert.Contains($"stateDirectory {folder.StatePath} is in use by another agent", second.Output);
        Assert.DoesNotContain("   at ", second.Output);
        Assert.False(first.HasExited);
    }

    [Fact]
    public async Task AWrongConfigurationIsRefusedWithASentence()
    {
        var batch = new BatchConfiguration { Compression = new() { Level = 42 } };
        using var agent = AgentProcess.Start(folder.Root, folder.Configuration with { Batch = batch });

        Assert.Equal(2, await agent.WaitAsync());
        Assert.Contains(Path.Combine(folder.Root, "agent.json"), agent.Output);
        Assert.Contains("batch.compression.level is 42", agent.Output);
        Assert.DoesNotContain("   at ", agent.Output);
    }

    [Fact]
    public async Task AMissingRecipientIsRefusedWithASentence()
    {
        var envelope = new EncryptionConfiguration { Type = EncryptionType.Envelope, Envelope = new() { RecipientPaths = ["nobody.pem"] } };
        using var agent = AgentProcess.Start(folder.Root, folder.Configuration with { Encryption = envelope });

        Assert.Equal(2, await agent.WaitAsync());
        Assert.Contains("encryption.envelope.recipientPaths[0] is \"nobody.pem\"", agent.Output);
        Assert.DoesNotContain("   at ", agent.Output);
    }

    [Fact]
    public async Task NewSelectorsTakeEffectAndWrongOnesAreRefused()
    {
        WriteSelectors(SelectorLevel.None);
        Write(Events);
        using var agent = AgentProcess.Start(folder.Root, folder.Configuration with { Selectors = "selectors.json" });
        var url = await agent.Url;
        var status = await AgentStatusPage.WaitAsync(url, HasRead(Events.Length), Timeout);
        Assert.Equal(0, status.GetProperty("sources")[0].GetProperty("selectedEvents").GetInt64());
        var hash = status.GetProperty("selectors").GetProperty("hash").GetString();

        await File.WriteAllTextAsync(Path.Combine(folder.Root, "selectors.json"), "{\"ruleSets\": 7}");
        await AgentStatusPage.WaitAsync(url, now => now.GetProperty("selectors").TryGetProperty("lastError", out _), Timeout);
        Assert.Contains("clustertrail_selectors_reloads_total{result=\"Refused\"} 1\n", await Http.GetStringAsync(new Uri(url, "metrics")));

        WriteSelectors(SelectorLevel.Metadata);
        await AgentStatusPage.WaitAsync(url, now => now.GetProperty("selectors").GetProperty("hash").GetString() != hash, Timeout);
        Write(Events);
        await AgentStatusPage.WaitAsync(
            url, now => now.GetProperty("sources")[0].GetProperty("selectedEvents").GetInt64() == Events.Length, Timeout);
    }

    [Fact]
    public async Task AnAgentIsReadyWhateverStandsInTheWayOfItsWork()
    {
        await File.WriteAllTextAsync(folder.ArchivePath, "no folder");
        using var agent = AgentProcess.Start(folder.Root, folder.Configuration);
        var url = await agent.Url;
        await EventuallyReadyAsync(url);
        var waiting = await AgentStatusPage.WaitAsync(url, IsIn("Waiting"), Timeout);
        Assert.StartsWith($"{folder.LogPath} does not exist", waiting.GetProperty("sources")[0].GetProperty("message").GetString());

        Write(Events);
        await AgentStatusPage.WaitAsync(url, status => status.GetProperty("sinks")[0].TryGetProperty("lastError", out _), Timeout);

        Assert.Equal(HttpStatusCode.OK, await CodeAsync(url, "readyz"));
        Assert.Equal(HttpStatusCode.OK, await CodeAsync(url, "healthz"));
    }

    [Fact]
    public async Task LoggingIsTurnedOffAndOnWithoutARestart()
    {
        Write(Events);
        using var agent = AgentProcess.Start(folder.Root, folder.Configuration);
        var url = await agent.Url;
        var first = await AgentStatusPage.WaitAsync(url, HasRead(Events.Length), Timeout);

        SetLogging(false);
        await AgentStatusPage.WaitAsync(
            url, status => IsIn("Stopped")(status) && status.GetProperty("spool").GetProperty("batches").GetInt32() == 0, Timeout);
        ArchivedRecords.MustBeExactly(Events, ArchivedRecords.OfFolder(folder.ArchivePath));
        string[] more =
        [
            .. AuditLog.Lines().Where(line => line.Length < 5000).Skip(50).Take(50).Select(line =>
                Encoding.UTF8.GetString(line.Span).TrimEnd('\n')),
        ];
        Write(more);
        SetLogging(true);
        var last = await AgentStatusPage.WaitAsync(url, HasDelivered(2 * Events.Length), Timeout);

        ArchivedRecords.MustBeExactly([.. Events, .. more], ArchivedRecords.OfFolder(folder.ArchivePath));
        Assert.Equal(first.GetProperty("agent").GetProperty("startedAt").GetString(),
            last.GetProperty("agent").GetProperty("startedAt").GetString());
        Assert.Contains("clustertrail_config_reloads_total{result=\"Accepted\"} 3\n", await Http.GetStringAsync(new Uri(url, "metrics")));
    }

    [Fact]
    public async Task EachEntryOfTheLogIsALine()
    {
        Write(Events);
        using var agent = AgentProcess.Start(folder.Root, folder.Configuration);
        await AgentStatusPage.WaitAsync(await agent.Url, HasDelivered(Events.Length), Timeout);

        Assert.Equal(0, await agent.StopAsync());

        var lines = agent.Output.Split('\n');
        Assert.All(lines, line => Assert.Matches("^[0-9-]{10}T[0-9:.]{12}Z info [A-Z][A-Za-z]+: .+", line));
        Assert.InRange(lines.Length, 4, 12);
    }

    [Fact]
    public async Task NoSecretIsToldAnywhere()
    {
        using var keys = new CredentialFiles("AKIA-TEST", Secret);
        Write([$"{{\"token\":\"{Secret}\"}}", .. Events]);
        using var agent = AgentProcess.Start(folder.Root, folder.Configuration with { Sink = Unreachable(keys) });
        var url = await agent.Url;
        await AgentStatusPage.WaitAsync(url, status => status.GetProperty("sinks")[0].TryGetProperty("lastError", out _), Timeout);

        var pages = await Task.WhenAll(new[] { "status", "metrics" }.Select(page => Http.GetStringAsync(new Uri(url, page))));
        agent.Kill();

        Assert.All([.. pages, agent.Output], text => Assert.DoesNotContain(Secret, text));
    }

    static Func<System.Text.Json.JsonElement, bool> HasRead(int events) =>
        status => status.GetProperty("sources")[0].GetProperty("readEvents").GetInt64() == events;

    static Func<System.Text.Json.JsonElement, bool> HasDelivered(int events) =>
        status => status.GetProperty("sinks")[0].GetProperty("deliveredEvents").GetInt64() == events;

    static Func<System.Text.Json.JsonElement, bool> IsIn(string state) =>
        status => status.GetProperty("sources")[0].GetProperty("state").GetString() == state;

    static async Task EventuallyReadyAsync(Uri agent)
    {
        var until = DateTime.UtcNow + Timeout;
        while (await CodeAsync(agent, "readyz") != HttpStatusCode.OK)
        {
            Assert.True(DateTime.UtcNow < until, $"not ready within {Timeout}");
            await Task.Delay(50);
        }
    }

    void SetLogging(bool logging)
    {
        // As a ConfigMap's volume does: the new file is there whole.
        var (file, next) = (Path.Combine(folder.Root, "agent.json"), Path.Combine(folder.Root, "agent.json.next"));
        File.WriteAllBytes(next, Contracts.Write(folder.Configuration with { Logging = logging }));
        File.Move(next, file, overwrite: true);
    }

    static async Task<HttpStatusCode> CodeAsync(Uri agent, string page)
    {
        using var answer = await Http.GetAsync(new Uri(agent, page));
        return answer.StatusCode;
    }

    static SinkConfiguration Unreachable(CredentialFiles keys) => new()
    {
        Type = SinkType.S3,
        S3 = new()
        {
            Bucket = "trail",
            Region = "us-east-1",
            Endpoint = $"http://127.0.0.1:{FreePort.Next()}",
            PathStyle = true,
            Credentials = new() { Type = S3CredentialsType.Static, Static = keys.Paths },
        },
    };

    void Write(IEnumerable<string> lines) => File.AppendAllLines(folder.LogPath, lines);

    void WriteSelectors(SelectorLevel level) => File.WriteAllBytes(
        Path.Combine(folder.Root, "selectors.json"),
        Contracts.Write(new SelectorsFile { RuleSets = [new() { Name = "main", Rules = [new() { Level = level }] }] }));

    async Task RunUntilDoneAsync()
    {
        using var agent = AgentProcess.Start(folder.Root, folder.Configuration);
        await AgentStatusPage.WaitAsync(await agent.Url, AgentStatusPage.IsDone, Timeout);
        Assert.Equal(0, await agent.StopAsync());
    }
}
