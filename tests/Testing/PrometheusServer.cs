using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace ClusterTrail.Testing;

/// <summary>A real Prometheus on 127.0.0.1. It ends with this process.</summary>
public sealed class PrometheusServer : IServer
{
    readonly TemporaryFolder folder = new();
    readonly HttpClient http;
    ServerProcess? process;

    PrometheusServer(int port) => http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };

    public Uri Url => http.BaseAddress!;

    public ServerLogs Logs { get; } = new("prometheus");

    /// <exception cref="MissingPartException">It cannot be installed here.</exception>
    /// <exception cref="ServerFailedException">It does not start.</exception>
    public static Task<PrometheusServer> StartAsync(PrometheusConfiguration configuration, CancellationToken cancellationToken) =>
        StartAsync(configuration, FreePort.Next, cancellationToken);

    internal static async Task<PrometheusServer> StartAsync(
        PrometheusConfiguration configuration, Func<int> nextPort, CancellationToken cancellationToken)
    {
        var program = await Part.Prometheus.PathOfAsync("prometheus", cancellationToken);
        return await FreePort.StartAsync(nextPort, async port =>
        {
            var server = new PrometheusServer(port);
            try
            {
                await server.StartAsync(program, configuration, cancellationToken);
                return server;
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        });
    }

    /// <summary>Takes up another configuration, and the rule files anew.</summary>
    /// <exception cref="InvalidOperationException">It refuses it; the message says why.</exception>
    public async Task ReloadAsync(PrometheusConfiguration configuration, CancellationToken cancellationToken)
    {
        await WriteAsync(configuration, cancellationToken);
        using var answer = await http.PostAsync("/-/reload", null, cancellationToken);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException(
                $"Prometheus refuses the configuration: {await answer.Content.ReadAsStringAsync(cancellationToken)} {Logs.Tail()}");
    }

    /// <summary>What an instant query that gives a vector finds now.</summary>
    public async Task<IReadOnlyList<PrometheusSample>> QueryAsync(string promql, CancellationToken cancellationToken)
    {
        var data = await GetAsync($"/api/v1/query?query={Uri.EscapeDataString(promql)}", cancellationToken);
        return [.. data.GetProperty("result").EnumerateArray().Select(sample => new PrometheusSample(
            Labels(sample.GetProperty("metric")),
            double.Parse(sample.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture)))];
    }

    /// <summary>The alerts that are pending or firing.</summary>
    public async Task<IReadOnlyList<Alert>> AlertsAsync(CancellationToken cancellationToken)
    {
        var data = await GetAsync("/api/v1/alerts", cancellationToken);
        return [.. data.GetProperty("alerts").EnumerateArray().Select(alert =>
            new Alert(
                Labels(alert.GetProperty("labels")), Labels(alert.GetProperty("annotations")), alert.GetProperty("state").GetString()!))];
    }

    public ValueTask DisposeAsync()
    {
        process?.Dispose();
        http.Dispose();
        folder.Dispose();
        Logs.Dispose();
        return ValueTask.CompletedTask;
    }

    internal static IReadOnlyDictionary<string, string> Labels(JsonElement labels) =>
        labels.EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString()!);

    async Task StartAsync(string program, PrometheusConfiguration configuration, CancellationToken cancellationToken)
    {
        await WriteAsync(configuration, cancellationToken);
        process = ServerProcess.Start(
            program,
            [
                $"--config.file={folder.Join("prometheus.yml")}",
                $"--storage.tsdb.path={folder.Join("data")}",
                $"--web.listen-address={Url.Authority}",
                "--web.enable-lifecycle",
                "--rules.alert.resend-delay=200ms",
            ],
            folder.Path,
            Logs);
        await process.WaitUntilReadyAsync(new Uri(Url, "/-/ready"), cancellationToken);
    }

    Task WriteAsync(PrometheusConfiguration configuration, CancellationToken cancellationToken) =>
        File.WriteAllBytesAsync(folder.Join("prometheus.yml"), configuration.ToYaml(), cancellationToken);

    async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(path, cancellationToken);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return answer.IsSuccessStatusCode
            ? body.GetProperty("data")
            : throw new InvalidOperationException($"Prometheus answers {(int)answer.StatusCode} to {path}: {body}");
    }
}
