using ClusterTrail.Contract;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.EndToEnd.Webhook;

/// <summary>An agent that receives the events of API servers, and everything that it needs for that.</summary>
sealed class ReceivingAgent : IDisposable
{
    readonly AgentFolder folder = new();
    readonly CertificateAuthority authority = new();
    AgentProcess? process;

    public ReceivingAgent()
    {
        WriteCertificate();
        File.WriteAllText(Path.Combine(folder.Root, "ca.pem"), authority.Pem);
    }

    public int Port { get; } = FreePort.Next();

    /// <summary>What an API server needs to call it.</summary>
    public ClusterOptions ClusterOptions => new()
    {
        AuditWebhook = new Uri($"https://127.0.0.1:{Port}/audit"),
        AuditWebhookTls = (authority.Pem, authority.IssueToUser("kube-apiserver")),
    };

    public string ArchivePath => folder.ArchivePath;

    public string StatePath => folder.StatePath;

    public Task<Uri> Url => process!.Url;

    public AgentConfiguration Configuration => folder.Configuration with
    {
        Sources =
        [
            new()
            {
                Name = "apiserver",
                Type = SourceType.Webhook,
                Webhook = new()
                {
                    Listen = $"127.0.0.1:{Port}",
                    CertificatePath = Path.Combine(folder.Root, "tls.pem"),
                    PrivateKeyPath = Path.Combine(folder.Root, "tls.key"),
                    ClientCaPath = Path.Combine(folder.Root, "ca.pem"),
                },
            },
        ],
    };

    /// <summary>A new server certificate of the same authority, in place of the one before.</summary>
    public void WriteCertificate()
    {
        var (certificate, key) = authority.IssueToServer();
        File.WriteAllText(Path.Combine(folder.Root, "tls.key"), key);
        File.WriteAllText(Path.Combine(folder.Root, "tls.pem"), certificate);
    }

    public async Task StartAsync(AgentConfiguration? configuration = null)
    {
        process?.Dispose();
        process = AgentProcess.Start(folder.Root, configuration ?? Configuration);
        await process.Url;
    }

    /// <summary>SIGKILL.</summary>
    public void Kill() => process!.Kill();

    /// <summary>SIGTERM.</summary>
    public Task<int> StopAsync() => process!.StopAsync();

    public void Dispose()
    {
        process?.Dispose();
        authority.Dispose();
        folder.Dispose();
    }
}
