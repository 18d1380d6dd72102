using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Completeness;
using ClusterTrail.Contract.Status;
using ClusterTrail.Fixtures;
using ClusterTrail.Kubernetes.Client;
using ClusterTrail.Kubernetes.Connecting;
using ClusterTrail.Operator.Agents;
using ClusterTrail.Operator.Completeness;
using ClusterTrail.Operator.Model;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.EndToEnd.Completeness;

/// <summary>A real API server counts what it makes, a real agent what it reads, and both numbers are compared.</summary>
[Requires(Requires.Cluster)]
public sealed class CompletenessTests : IAsyncLifetime
{
    const int Requests = 120;
    const string Node = "node-1";

    static readonly byte[] Key = Encoding.ASCII.GetBytes(new string('k', 32));

    // To look at its counts is a request, too.
    const string Policy = """
        apiVersion: audit.k8s.io/v1
        kind: Policy
        rules:
        - level: None
          nonResourceURLs: [/metrics]
        - level: RequestResponse
        """;

    static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web) { Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() } };

    readonly AgentFolder folder = new();
    readonly CountTracker tracker = new("cp-1", null);
    ClusterServer server = null!;
    ApiServerPages pages = null!;
    AgentProcess agent = null!;
    int sent;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await ClusterServer.StartAsync(new() { AuditLogMegabytes = 1, AuditPolicy = Policy }, Cancellation).OrSkipAsync();
        pages = new(ClusterConnection.Find(server.Admin.Kubeconfig));
        await StartAgentAsync();
    }

    public async ValueTask DisposeAsync()
    {
        agent?.Dispose();
        pages?.Dispose();
        if (server is not null)
            await server.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task ThroughKillsAndRotationsBothCountTheSame()
    {
        await BegunExactlyAsync();
        for (var round = 0; round < 3; round++)
        {
            var load = LoadAsync();
            await Task.Delay(100, Cancellation);
            agent.Kill();
            await load;
            await StartAgentAsync();
            await ComparedExactlyAsync();
            Assert.Equal((0, 0, 0), (tracker.View!.MissingAtLeast, tracker.View.MissingAtMost, tracker.View.SurplusAtLeast));
        }

        Assert.True(Rotated().Count > 1, "no rotation");
        var before = tracker.View!;

        // Its counts begin anew.
        server.Kill();
        await server.RestartAsync(Cancellation);
        await LoadAsync();
        await BegunExactlyAsync();
        await LoadAsync();
        await ComparedExactlyAsync();

        Assert.NotEqual(before.Server, tracker.View!.Server);
        Assert.Equal(before.Agent, tracker.View.Agent);
        Assert.Equal((0, 0, 0, 0), (tracker.View.MissingAtLeast, tracker.View.MissingAtMost, tracker.View.SurplusAtLeast, tracker.View.EarlierMissing));
    }

    [Fact]
    public async Task AFileThatWasLostIsToldWithTheNumberOfItsEvents()
    {
        await BegunExactlyAsync();
        Assert.Equal(0, await agent.StopAsync());
        var known = Rotated();
        while (Rotated().Except(known).Count() < 3)
            await LoadAsync();
        var lost = Rotated().Except(known).Order(StringComparer.Ordinal).ElementAt(1);
        var events = File.ReadLines(lost).Count();
        File.Delete(lost);

        await StartAgentAsync();
        // It takes three quiet rounds that follow each other.
        for (var round = 0; round < 12 && (round < 3 || tracker.View!.MissingAtLeast < events); round++)
            await ComparedExactlyAsync();

        var view = tracker.View!;
        Assert.Equal((events, events), (view.MissingAtLeast, view.MissingAtMost));
        Assert.NotNull(view.FoundAt);
        TestContext.Current.SendDiagnosticMessage($"{events} events of {view.Events} were lost, and told: {view.Reason}");

        // As the operator sends it; the agent's last digest has it.
        var word = await SendAsync(view);
        var held = (await StatusAsync()).Integrity!.Completeness!;
        Assert.Equal((word.At, word.Hash), (held.At, held.Hash));
        Assert.Equal(0, await agent.StopAsync());
        var digest = Digests().MaxBy(digest => digest.Sequence)!;
        Assert.Equal(DigestReason.Stop, digest.Reason);
        Assert.Equal((events, events, view.Reason), (
            digest.Completeness!.Counts!.Missing, digest.Completeness.Counts.MostMissing, digest.Completeness.Counts.Reason));
        Assert.Equal(SignedTime.Cut(view.LastAt!.Value), digest.Completeness.At);
    }

    async Task<CompletenessHandover> SendAsync(TrailCompleteness count)
    {
        var view = new CompletenessView([count with { Name = Node }])
        {
            ComparedAt = new Dictionary<string, DateTimeOffset> { [Node] = count.LastAt!.Value },
        };
        var word = CompletenessWord.Of(view, folder.Configuration.Trail, Node, DateTimeOffset.UtcNow)!;
        using var post = new SignedPost();
        Assert.Null(await post.SendAsync(
            $"{(await agent.Url).ToString().TrimEnd('/')}{CompletenessHandover.Path}", CompletenessHandover.Purpose, Key,
            JsonSerializer.SerializeToUtf8Bytes(word, CompletenessJson.Default.CompletenessHandover), Cancellation));
        return word;
    }

    IEnumerable<Digest> Digests() =>
        Directory.EnumerateFiles(Path.Combine(folder.ArchivePath, "digests"), "*.json", SearchOption.AllDirectories)
            .Select(path => Digest.Read(SignedObject.Read(File.ReadAllBytes(path))));

    // Three quiet rounds show to the event where the counts begin.
    async Task BegunExactlyAsync()
    {
        for (var round = 0; round < 3; round++)
            await ComparedExactlyAsync();
    }

    // As the operator does, until a round was quiet: then what is missing is known to the event.
    async Task ComparedExactlyAsync()
    {
        var one = new ApiServer("127.0.0.1", server.Url.Port);
        var servers = new ApiServers(null!, pages);
        var pairs = new CountPairs(_ => "cp-1", ["cp-1"], ComparedSource.Log);
        await Eventually.HoldsAsync("a round is quiet, and the agent is not behind", TimeSpan.FromSeconds(90), async () =>
        {
            var before = (await servers.CountAsync([one], Cancellation))[one];
            await Task.Delay(TimeSpan.FromSeconds(2), Cancellation);
            var status = await StatusAsync();
            var after = (await servers.CountAsync([one], Cancellation))[one];
            var (rounds, _) = pairs.Compare(
                [new(one, before, after)], new Dictionary<string, AgentStatus?> { ["cp-1"] = status }, DateTimeOffset.UtcNow);
            if (rounds.Count == 0)
                return false;
            tracker.Take(rounds[0].Round);
            return before.Counters!.Events == after.Counters!.Events;
        }, Cancellation);
    }

    async Task<AgentStatus> StatusAsync()
    {
        using var http = new HttpClient();
        return (await http.GetFromJsonAsync<AgentStatus>(new Uri(await agent.Url, "status"), Web, Cancellation))!;
    }

    async Task StartAgentAsync()
    {
        agent?.Dispose();
        var configuration = folder.Configuration;
        var source = configuration.Sources[0];
        var key = Path.Combine(folder.Root, "key");
        await File.WriteAllBytesAsync(key, Key, Cancellation);
        agent = AgentProcess.Start(
            folder.Root,
            configuration with
            {
                Sources = [source with { LogFile = source.LogFile! with { Path = server.AuditLog, StartAt = StartAt.Beginning } }],
            },
            $"{SignedAnswer.KeyVariable}={key}");
        await agent.Url;
    }

    async Task LoadAsync()
    {
        for (var at = 0; at < Requests; at++)
        {
            using var answer = await server.Http.PostAsJsonAsync(
                "/api/v1/namespaces/default/configmaps",
                new { apiVersion = "v1", kind = "ConfigMap", metadata = new { name = $"load-{sent++}" }, data = new { text = new string('x', 4000) } },
                Cancellation);
            answer.EnsureSuccessStatusCode();
        }
    }

    List<string> Rotated() => [.. Directory.GetFiles(Path.GetDirectoryName(server.AuditLog)!, "audit-*").Order(StringComparer.Ordinal)];
}
