using System.Net.Http.Headers;

namespace ClusterTrail.Testing.Cluster;

/// <summary>A real Kubernetes API server on 127.0.0.1, with its etcd (tests/Cluster/clusterlite). They end with this process.</summary>
public sealed class ClusterServer : IServer
{
    const string AdminToken = "admin-token";

    static readonly ToolScript Script = new("api-server.sh");

    // Not in /tmp, which pods have one of their own of: an agent is to find the audit log under its own path.
    readonly TemporaryFolder folder = new("/var/tmp");
    readonly CertificateAuthority authority;
    readonly string programs;
    readonly int port;
    readonly ClusterOptions options;
    readonly ClusterServer? beside;
    EtcdServer? etcd;
    ServerProcess? process;

    ClusterServer(string programs, int port, ClusterOptions options, ClusterServer? beside)
    {
        (this.programs, this.port, this.options, this.beside) = (programs, port, options, beside);
        authority = beside?.authority ?? new();
        Http = new(new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => authority.Issued(new(certificate!)) },
        })
        {
            BaseAddress = Url,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", AdminToken) },
        };
        Admin = new(Path.Combine(programs, "kubectl"), WriteKubeconfig(Kubeconfig.OfToken(Url, authority.Pem, AdminToken)));
    }

    public Uri Url => new($"https://127.0.0.1:{port}");

    /// <summary>HTTP as who may do anything.</summary>
    public HttpClient Http { get; }

    /// <summary>kubectl as who may do anything.</summary>
    public KubectlUser Admin { get; }

    /// <summary>The audit log. It is rotated as by kube-apiserver, at 100 MB by default.</summary>
    public string AuditLog => folder.Join("audit/audit.log");

    public ServerLogs Logs { get; } = new("cluster");

    /// <exception cref="MissingPartException">It cannot be installed here.</exception>
    /// <exception cref="ServerFailedException">It does not start.</exception>
    public static Task<ClusterServer> StartAsync(ClusterOptions options, CancellationToken cancellationToken) =>
        StartAsync(options, null, cancellationToken);

    /// <summary>Another one over the same store, with a log of its own, as on a second control-plane node. To be disposed before this one.</summary>
    public Task<ClusterServer> StartBesideAsync(CancellationToken cancellationToken) => StartAsync(options, this, cancellationToken);

    static async Task<ClusterServer> StartAsync(ClusterOptions options, ClusterServer? beside, CancellationToken cancellationToken)
    {
        var programs = await Script.RunAsync(["install"], cancellationToken);
        return await FreePort.StartAsync(async port =>
        {
            var server = new ClusterServer(programs, port, options, beside);
            try
            {
                server.WriteFiles();
                server.etcd = beside?.etcd
                    ?? await EtcdServer.StartAsync(Path.Combine(programs, "etcd"), server.folder.Path, server.Logs, cancellationToken);
                await server.RestartAsync(cancellationToken);
                return server;
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        });
    }

    /// <summary>kubectl as the owner of a client certificate.</summary>
    public KubectlUser AsUser(string user, params string[] groups) =>
        Admin.With(WriteKubeconfig(Kubeconfig.OfCertificate(Url, authority.Pem, authority.IssueToUser(user, groups))));

    /// <summary>It accepts connections and never answers.</summary>
    public void Freeze() => process!.Freeze();

    public void Thaw() => process!.Thaw();

    /// <summary>It refuses connections; every watch is cut. What it stored is kept.</summary>
    public void Kill() => process!.Kill();

    /// <summary>Starts it after a <see cref="Kill"/>, on the same port and store, with an empty watch cache.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        process?.Dispose();
        process = ServerProcess.Start(Path.Combine(programs, "clusterlite"), Arguments(), folder.Path, Logs);
        await process.WaitUntilReadyAsync(IsReadyAsync, cancellationToken);
    }

    /// <summary>Forgets old versions: after a restart, a watch from one of them is answered with 410 Gone.</summary>
    public Task CompactAsync(CancellationToken cancellationToken) => etcd!.CompactAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        process?.Dispose();
        Http.Dispose();
        if (beside is null)
        {
            etcd?.Dispose();
            authority.Dispose();
        }

        folder.Dispose();
        Logs.Dispose();
        return ValueTask.CompletedTask;
    }

    async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        using var answer = await Http.GetAsync("/readyz", cancellationToken);
        return answer.IsSuccessStatusCode;
    }

    void WriteFiles()
    {
        var (certificate, key) = authority.IssueToServer();
        File.WriteAllText(folder.Join("ca.crt"), authority.Pem);
        File.WriteAllText(folder.Join("server.crt"), certificate);
        File.WriteAllText(folder.Join("server.key"), key);
        File.WriteAllText(folder.Join("tokens.csv"), $"{AdminToken},admin,admin,\"system:masters\"\n");
        File.WriteAllText(folder.Join("audit-policy.yaml"), options.AuditPolicy);
        Directory.CreateDirectory(folder.Join("audit"));
        if (options.AuditWebhook is { } webhook)
        {
            File.WriteAllText(
                folder.Join("audit-webhook.yaml"),
                options.AuditWebhookTls is { } tls ? Kubeconfig.OfWebhook(webhook, tls.AuthorityPem, tls.Client) : Kubeconfig.OfWebhook(webhook));
        }
    }

    IEnumerable<string> Arguments() =>
    [
        $"--etcd-servers={etcd!.Url.GetLeftPart(UriPartial.Authority)}",
        $"--secure-port={port}",
        $"--cert-dir={folder.Path}",
        $"--tls-cert-file={folder.Join("server.crt")}",
        $"--tls-private-key-file={folder.Join("server.key")}",
        $"--client-ca-file={folder.Join("ca.crt")}",
        $"--token-auth-file={folder.Join("tokens.csv")}",
        $"--audit-policy-file={folder.Join("audit-policy.yaml")}",
        $"--audit-log-path={AuditLog}",
        $"--audit-log-maxsize={options.AuditLogMegabytes}",
        .. options.AuditWebhook is null ? Array.Empty<string>() :
        [
            $"--audit-webhook-config-file={folder.Join("audit-webhook.yaml")}",
            "--audit-webhook-batch-max-wait=200ms",
            "--audit-webhook-initial-backoff=3s",
        ],
    ];

    string WriteKubeconfig(string content)
    {
        var path = folder.Join($"kubeconfig-{Guid.NewGuid():N}.yaml");
        File.WriteAllText(path, content);
        return path;
    }
}
