using System.Text;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Status;
using ClusterTrail.Telemetry;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests.Sources.Admission;

/// <summary>A source of type Admission that listens on this machine, and API servers that ask it.</summary>
sealed class AdmissionWorld : IAsyncDisposable
{
    public const string Token = "0123456789abcdef0123456789abcdef";

    readonly TemporaryFolder folder = new();
    readonly LaterTime time = new();
    readonly CancellationTokenSource stop = new();
    readonly AgentMetrics metrics = new(BuildInfo.Current);
    readonly AdmissionSource admission;
    readonly Task running;
    readonly ISource source;

    public AdmissionWorld(long queueMaxBytes = 64 << 20, bool withClientCa = false, long journalMaxBytes = 64 << 20)
    {
        var (certificate, key) = Authority.IssueToServer();
        File.WriteAllText(folder.Join("tls.crt"), certificate);
        File.WriteAllText(folder.Join("tls.key"), key);
        File.WriteAllText(folder.Join("ca.pem"), Authority.Pem);
        WriteTokens(Token);
        var context = new SourceContext("admission", new(), metrics.DeclareSource("admission"), time, NullLoggerFactory.Instance);
        var configuration = new AdmissionSourceConfiguration
        {
            Listen = "127.0.0.1:0",
            CertificatePath = folder.Join("tls.crt"),
            PrivateKeyPath = folder.Join("tls.key"),
            ClientCaPath = withClientCa ? folder.Join("ca.pem") : null,
            PathTokenPath = folder.Join("token"),
            QueueMaxBytes = queueMaxBytes,
            JournalMaxBytes = journalMaxBytes,
        };
        admission = new(context, configuration, (folder.Join("journal"), EnsureHeld), () => IsLogging, metrics.Gauges.Receivers);
        running = admission.RunAsync(stop.Token);
        source = admission.Feed.Open(null, new(Gaps.Add, _ => { }, _ => { }));
        source.Begin();
    }

    public CertificateAuthority Authority { get; } = new();

    public bool IsLogging { get; set; } = true;

    /// <summary>Whether the disk takes anything.</summary>
    public bool IsDiskFull { get; set; }

    public List<Gap> Gaps { get; } = [];

    public ReceiverStatus Status => admission.Status;

    public SourceView View => source.View;

    public void WriteTokens(params string[] tokens) => File.WriteAllText(folder.Join("token"), string.Join('\n', tokens) + "\n");

    public void Later(TimeSpan by) => time.By += by;

    public async Task<Uri> UrlAsync(string path)
    {
        while (admission.Port == 0)
        {
            Assert.False(running.IsFaulted, $"{running.Exception}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        return new($"https://127.0.0.1:{admission.Port}{path}");
    }

    /// <summary>An API server without a client certificate, as most call admission webhooks.</summary>
    public static HttpClient Client()
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        return new(handler) { DefaultRequestVersion = System.Net.HttpVersion.Version20 };
    }

    public async Task<(int Status, string Text)> PostAsync(
        HttpClient client, string body, string path = $"/admission/{Token}?timeout=1s", string type = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var answer = await client.PostAsync(await UrlAsync(path), content, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>All that a pipeline reads until there are as many.</summary>
    public async Task<List<string>> ReadAsync(int events)
    {
        List<string> lines = [];
        await Eventually.HoldsAsync($"{events} events are in the journal", () =>
        {
            while (source.TryRead(out var line))
                lines.Add(Encoding.UTF8.GetString(line.Text));
            return Task.FromResult(lines.Count >= events);
        }, TestContext.Current.CancellationToken);
        return lines;
    }

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await running;
    }

    public async ValueTask DisposeAsync()
    {
        IsDiskFull = false;
        await StopAsync();
        source.Dispose();
        admission.Dispose();
        metrics.Dispose();
        stop.Dispose();
        Authority.Dispose();
        folder.Dispose();
    }

    void EnsureHeld()
    {
        if (IsDiskFull)
            throw new IOException("No space left on device");
    }

    sealed class LaterTime : TimeProvider
    {
        public TimeSpan By { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => GetUtcNow().UtcTicks;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + By;
    }
}
