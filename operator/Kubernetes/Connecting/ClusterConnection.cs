using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ClusterTrail.Kubernetes.Connecting;

/// <summary>Where the API server is, how we know that it is the right one, and who we are to it.</summary>
/// <remarks>
/// Caveat: authorities are root certificates; .NET trusts no intermediate one without its root. With a TLS server name, the Host header is that
/// name too.
/// </remarks>
public sealed class ClusterConnection
{
    public required Uri Server { get; init; }

    /// <summary>The namespace to work in where none is said.</summary>
    public string? Namespace { get; init; }

    /// <summary>Nothing: those that the machine trusts.</summary>
    internal X509Certificate2Collection? Authorities { get; init; }

    internal bool SkipTlsVerification { get; init; }

    /// <summary>The name that the server's certificate bears, if it is not that of the address.</summary>
    internal string? TlsServerName { get; init; }

    /// <summary>Nothing: what HTTPS_PROXY and NO_PROXY say.</summary>
    internal Uri? Proxy { get; init; }

    internal ICredentialSource Credentials { get; init; } = new FixedCredential(Credential.None);

    /// <summary>
    /// As <c>kubectl</c> finds its cluster: the given file, else those that KUBECONFIG names, else <c>~/.kube/config</c>, else the cluster that
    /// this process runs in.
    /// </summary>
    /// <exception cref="ConnectionException">None of these is there, or one is wrong.</exception>
    public static ClusterConnection Find(string? kubeconfig = null, string? context = null, TimeProvider? time = null)
    {
        var files = Kubeconfig.FindFiles(kubeconfig, Environment.GetEnvironmentVariable);
        return files.Count > 0 || kubeconfig is not null || context is not null
            ? Kubeconfig.Load(files).Connect(context, time ?? TimeProvider.System)
            : InCluster.Connect(Environment.GetEnvironmentVariable, time ?? TimeProvider.System);
    }

    /// <summary>The client that <see cref="Http.HttpCluster"/> needs. It has no time limit of its own, as watches outlive any.</summary>
    /// <param name="program">What stands in the API server's audit log as user agent, such as <c>clustertrail-operator/0.1.0</c>.</param>
    public HttpClient CreateClient(string program)
    {
        var client = new HttpClient(new AuthenticatingHandler(this))
        {
            BaseAddress = Server.AbsoluteUri.EndsWith('/') ? Server : new Uri(Server.AbsoluteUri + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.Add("User-Agent", program);
        client.DefaultRequestHeaders.Add("Accept", "application/json");
        return client;
    }

    internal SocketsHttpHandler CreateTransport(Credential credential) => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.GZip,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        EnableMultipleHttp2Connections = true,
        // A connection that died silently would else hold a quiet watch until its time is over.
        KeepAlivePingDelay = TimeSpan.FromSeconds(30),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        UseCookies = false,
        Proxy = Proxy is null ? null : new WebProxy(Proxy),
        SslOptions = new()
        {
            CertificateChainPolicy = Authorities is null ? null : Trust(Authorities),
            ClientCertificateContext = credential.Certificate is { Count: > 0 } chain
                ? SslStreamCertificateContext.Create(chain[0], [.. chain.Skip(1)], offline: true)
                : null,
            RemoteCertificateValidationCallback = (_, _, _, errors) => SkipTlsVerification || errors == SslPolicyErrors.None,
        },
    };

    public override string ToString() => Server.GetLeftPart(UriPartial.Authority);

    static X509ChainPolicy Trust(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
