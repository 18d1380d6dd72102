using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Completeness;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.EndToEnd.Completeness;

/// <summary>A control-plane node: a real API server, and the real agent that reads its log.</summary>
/// <param name="address">What the node has for an address; the server listens on 127.0.0.1.</param>
sealed class ComparedNode(string name, ClusterServer server, string address = "127.0.0.1") : IAsyncDisposable
{
    // To look at its counts is a request, too.
    const string Policy = """
        apiVersion: audit.k8s.io/v1
        kind: Policy
        rules:
        - level: None
          nonResourceURLs: [/metrics]
        - level: RequestResponse
        """;

    const int Requests = 120;

    static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    readonly AgentFolder folder = new();
    int sent;

    /// <summary>The Trail's, with which the operator signs what it says.</summary>
    public static byte[] Key { get; } = Encoding.ASCII.GetBytes(new string('k', 32));

    /// <summary>What an API server is started with whose counts are compared.</summary>
    public static ClusterOptions Options { get; } = new() { AuditLogMegabytes = 1, AuditPolicy = Policy };

    public string Name => name;

    public ClusterServer Server => server;

    public AgentProcess Agent { get; private set; } = null!;

    /// <summary>The server as the endpoints of the Service kubernetes have it.</summary>
    public ApiServer Endpoint => new(address, server.Url.Port);

    /// <summary>The agent's digests, the oldest first.</summary>
    public List<Digest> Digests =>
    [
        .. Directory.EnumerateFiles(Path.Combine(folder.ArchivePath, "digests"), "*.json", SearchOption.AllDirectories)
            .Select(path => Digest.Read(SignedObject.Read(File.ReadAllBytes(path)))).OrderBy(digest => digest.Sequence),
    ];

    /// <summary>Parts of the log that it was rotated into, the oldest first.</summary>
    public List<string> Rotated =>
        [.. Directory.GetFiles(Path.GetDirectoryName(server.AuditLog)!, "audit-*").Order(StringComparer.Ordinal)];

    public async Task StartAgentAsync()
    {
        Agent?.Dispose();
        var configuration = folder.Configuration with { NodeName = name };
        var source = configuration.Sources[0];
        var key = Path.Combine(folder.Root, "key");
        await File.WriteAllBytesAsync(key, Key);
        Agent = AgentProcess.Start(
            folder.Root,
            configuration with
            {
                Sources = [source with { LogFile = source.LogFile! with { Path = server.AuditLog, StartAt = StartAt.Beginning } }],
            },
            $"{SignedAnswer.KeyVariable}={key}");
        await Agent.Url;
    }

    public async Task<AgentStatus> StatusAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        return (await http.GetFromJsonAsync<AgentStatus>(new Uri(await Agent.Url, "status"), Web, cancellationToken))!;
    }

    /// <summary>Makes events, half a megabyte of them.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        for (var at = 0; at < Requests; at++)
        {
            var metadata = new { name = $"{name}-load-{sent++}" };
            using var answer = await server.Http.PostAsJsonAsync(
                "/api/v1/namespaces/default/configmaps",
                new { apiVersion = "v1", kind = "ConfigMap", metadata, data = new { text = new string('x', 4000) } }, cancellationToken);
            answer.EnsureSuccessStatusCode();
        }
    }

    /// <summary>Deletes a part of the log that no agent has read, and says how many events were in it.</summary>
    public async Task<int> LoseEventsAsync(CancellationToken cancellationToken)
    {
        Assert.Equal(0, await Agent.StopAsync());
        var known = Rotated;
        while (Rotated.Except(known).Count() < 3)
            await LoadAsync(cancellationToken);
        var lost = Rotated.Except(known).ElementAt(1);
        var events = File.ReadLines(lost).Count();
        File.Delete(lost);
        await StartAgentAsync();
        return events;
    }

    public async ValueTask DisposeAsync()
    {
        Agent?.Dispose();
        await server.DisposeAsync();
        folder.Dispose();
    }
}
