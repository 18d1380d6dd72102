using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace ClusterTrail.Testing.Cluster;

/// <summary>The store of an API server, on disk without fsync.</summary>
sealed class EtcdServer : IDisposable
{
    readonly ServerProcess process;
    readonly HttpClient http;

    EtcdServer(ServerProcess process, Uri url) => (this.process, http) = (process, new() { BaseAddress = url });

    public Uri Url => http.BaseAddress!;

    /// <exception cref="ServerFailedException">It does not start.</exception>
    public static async Task<EtcdServer> StartAsync(string program, string folder, ServerLogs logs, CancellationToken cancellationToken)
    {
        var ports = FreePort.Next(2);
        var (url, peers) = ($"http://127.0.0.1:{ports[0]}", $"http://127.0.0.1:{ports[1]}");
        var process = ServerProcess.Start(
            program,
            [
                "--data-dir", Path.Combine(folder, "etcd"),
                "--listen-client-urls", url, "--advertise-client-urls", url,
                "--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers, "--initial-cluster", $"default={peers}",
                "--unsafe-no-fsync", "--log-level", "warn",
            ],
            folder,
            logs);
        var server = new EtcdServer(process, new(url));
        try
        {
            await process.WaitUntilReadyAsync(new Uri(server.Url, "health"), cancellationToken);
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Forgets all but the newest version of everything, as a server does every few minutes.</summary>
    public async Task CompactAsync(CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsJsonAsync("v3/kv/range", new { key = "AA==", limit = 1 }, cancellationToken);
        var found = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
        var revision = found!["header"]!["revision"]!.GetValue<string>();
        using var compacted = await http.PostAsJsonAsync("v3/kv/compaction", new { revision, physical = true }, cancellationToken);
        compacted.EnsureSuccessStatusCode();
    }

    public void Dispose()
    {
        process.Dispose();
        http.Dispose();
    }
}
