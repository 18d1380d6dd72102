using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Status;
using ClusterTrail.Telemetry;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests.Sources.Webhook;

/// <summary>A receiver that listens on this machine, and API servers that call it.</summary>
sealed class ReceiverWorld : IAsyncDisposable
{
    public const string Start = "{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"metadata\":{},\"items\":";

    readonly TemporaryFolder folder = new();
    readonly LaterTime time = new();
    readonly CancellationTokenSource stop = new();
    readonly AgentMetrics metrics = new(BuildInfo.Current);
    readonly AuditWebhook webhook;
    readonly Task running;
    readonly ISource source;

    public ReceiverWorld(long journalMaxBytes = 64 << 20, Action? ensureHeld = null, bool isFolder = false)
    {
        Directory.CreateDirectory(folder.Join("tls"));
        WriteServerCertificate(Authority);
        File.WriteAllText(folder.Join("ca.pem"), Authority.Pem);
        var context = new SourceContext("apiserver", new(), metrics.DeclareSource("apiserver"), time, NullLoggerFactory.Instance);
        var configuration = new WebhookSourceConfiguration
        {
            Listen = "127.0.0.1:0",
            CertificatePath = folder.Join(isFolder ? "tls" : "tls/1.crt"),
            PrivateKeyPath = isFolder ? null : folder.Join("tls/1.key"),
            ClientCaPath = folder.Join("ca.pem"),
            JournalMaxBytes = journalMaxBytes,
        };
        webhook = new(
            context, configuration, (folder.Join("journal"), () => (ensureHeld ?? (() => { }))()), () => IsLogging, metrics.Gauges.Receivers);
        running = webhook.RunAsync(stop.Token);
        source = webhook.Feed.Open(null, new(_ => { }, _ => { }, _ => { }));
        source.Begin();
    }

    public CertificateAuthority Authority { get; } = new();

    public bool IsLogging { get; set; } = true;

    public ReceiverStatus Status => webhook.Status;

    public SourceView View => source.View;

    /// <summary>Has the next connection look at the certificates' files.</summary>
    public void Later() => time.By += TimeSpan.FromSeconds(10);

    public async Task<int> PortAsync()
    {
        while (webhook.Port == 0)
        {
            Assert.False(running.IsFaulted, $"{running.Exception}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        return webhook.Port;
    }

    public void WriteServerCertificate(CertificateAuthority by, string name = "1")
    {
        var (certificate, key) = by.IssueToServer(TimeSpan.FromMinutes(name == "1" ? 0 : 1));
        File.WriteAllText(folder.Join($"tls/{name}.crt"), certificate);
        File.WriteAllText(folder.Join($"tls/{name}.key"), key);
    }

    public void Damage() => File.WriteAllText(folder.Join("tls/1.key"), "nonsense");

    /// <summary>A pipe without a writer in the key's place: whoever opens it as a file waits for ever.</summary>
    public void BlockKey()
    {
        File.Delete(folder.Join("tls/1.key"));
        using var made = System.Diagnostics.Process.Start("mkfifo", [folder.Join("tls/1.key")]);
        made.WaitForExit();
    }

    /// <summary>An API server, with the certificate of a user.</summary>
    public HttpClient Client(string user = "kube-apiserver") => Client(Authority.IssueToUser(user));

    public static HttpClient Client((string Certificate, string Key)? pem)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null;
        if (pem is { } given)
        {
            // An ephemeral key cannot be presented everywhere.
            var certificate = X509CertificateLoader.LoadPkcs12(
                X509Certificate2.CreateFromPem(given.Certificate, given.Key).Export(X509ContentType.Pkcs12), null);
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        }

        // As kube-apiserver does.
        return new(handler) { DefaultRequestVersion = System.Net.HttpVersion.Version20 };
    }

    public async Task<(int Status, string Text, HttpResponseHeaders Headers)> PostAsync(
        HttpClient client, string body, string path = "/audit", string type = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var answer = await client.PostAsync(
            new Uri($"https://127.0.0.1:{await PortAsync()}{path}"), content, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), answer.Headers);
    }

    /// <summary>All that a pipeline reads.</summary>
    public List<string> Read()
    {
        List<string> lines = [];
        while (source.TryRead(out var line))
            lines.Add(Encoding.UTF8.GetString(line.Text));
        return lines;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        source.Dispose();
        webhook.Dispose();
        metrics.Dispose();
        stop.Dispose();
        Authority.Dispose();
        folder.Dispose();
    }

    // Certificates are of today.
    sealed class LaterTime : TimeProvider
    {
        public TimeSpan By { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => GetUtcNow().UtcTicks;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + By;
    }
}
