using System.Net.Http.Json;
using System.Text.Json;

namespace ClusterTrail.Testing;

/// <summary>A real Alertmanager on 127.0.0.1. It ends with this process.</summary>
public sealed class AlertmanagerServer : IServer
{
    readonly TemporaryFolder folder = new();
    readonly HttpClient http;
    ServerProcess? process;

    AlertmanagerServer(int port) => http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };

    public Uri Url => http.BaseAddress!;

    public ServerLogs Logs { get; } = new("alertmanager");

    /// <param name="webhook">Who is notified, if anyone.</param>
    /// <exception cref="MissingPartException">It cannot be installed here.</exception>
    /// <exception cref="ServerFailedException">It does not start.</exception>
    public static async Task<AlertmanagerServer> StartAsync(Uri? webhook, CancellationToken cancellationToken)
    {
        var program = await Part.Prometheus.PathOfAsync("alertmanager", cancellationToken);
        return await FreePort.StartAsync(async port =>
        {
            var server = new AlertmanagerServer(port);
            try
            {
                await server.StartAsync(program, webhook, cancellationToken);
                return server;
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        });
    }

    /// <summary>The alerts that are not resolved.</summary>
    public async Task<IReadOnlyList<Alert>> AlertsAsync(CancellationToken cancellationToken)
    {
        var alerts = await http.GetFromJsonAsync<JsonElement>("/api/v2/alerts", cancellationToken);
        return [.. alerts.EnumerateArray().Select(alert => new Alert(
            PrometheusServer.Labels(alert.GetProperty("labels")),
            PrometheusServer.Labels(alert.GetProperty("annotations")),
            alert.GetProperty("status").GetProperty("state").GetString()!))];
    }

    public ValueTask DisposeAsync()
    {
        process?.Dispose();
        http.Dispose();
        folder.Dispose();
        Logs.Dispose();
        return ValueTask.CompletedTask;
    }

    async Task StartAsync(string program, Uri? webhook, CancellationToken cancellationToken)
    {
        await File.WriteAllBytesAsync(folder.Join("alertmanager.yml"), Configuration(webhook), cancellationToken);
        process = ServerProcess.Start(
            program,
            [
                $"--config.file={folder.Join("alertmanager.yml")}",
                $"--storage.path={folder.Join("data")}",
                $"--web.listen-address={Url.Authority}",
                "--cluster.listen-address=", // alone
            ],
            Path.GetDirectoryName(program)!, // its templates are there
            Logs);
        await process.WaitUntilReadyAsync(new Uri(Url, "/-/ready"), cancellationToken);
    }

    // JSON is YAML.
    static byte[] Configuration(Uri? webhook) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        route = new { receiver = "test", group_wait = "100ms", group_interval = "200ms", repeat_interval = "1h" },
        receivers = new[]
        {
            new { name = "test", webhook_configs = webhook is null ? [] : new[] { new { url = webhook, send_resolved = true } } },
        },
    });
}
