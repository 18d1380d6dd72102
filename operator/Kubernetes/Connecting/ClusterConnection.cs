using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using k8s;

namespace ClusterTrail.Kubernetes.Connecting;

/// <summary>Where the API server is, how we know that it is the right one, and who we are to it.</summary>
/// <remarks>
/// Caveat: authorities are root certificates; .NET trusts no intermediate one without its root. With a TLS server name, the Host header
/// is that name too.
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

    /// <summary>The client certificate that does not change, if there is one.</summary>
    internal X509Certificate2Collection? Certificate { get; init; }

    internal ICredentialSource Credentials { get; init; } = new FixedCredential(Credential.None);

    /// <summary>
    /// As <c>kubectl</c> finds its cluster: the given file, else those that KUBECONFIG names, else <c>~/.kube/config</c>, else the
    /// cluster that this process runs in.
    /// </summary>
    /// <exception cref="ConnectionException">None of these exists, or one is invalid.</exception>
    public static ClusterConnection Find(string? kubeconfig = null, string? context = null, TimeProvider? time = null)
    {
        var files = Kubeconfig.FindFiles(kubeconfig, Environment.GetEnvironmentVariable);
        return files.Count > 0 || kubeconfig is not null || context is not null
            ? Kubeconfig.Load(files).Connect(context, time ?? TimeProvider.System)
            : InCluster.Connect(Environment.GetEnvironmentVariable, time ?? TimeProvider.System);
    }

    /// <summary>The same credential and authorities for another address of the cluster, directly.</summary>
    internal ClusterConnection To(Uri server, string tlsServerName) => new()
    {
        Server = server,
        Namespace = Namespace,
        Authorities = Authorities,
        SkipTlsVerification = SkipTlsVerification,
        TlsServerName = tlsServerName,
        Certificate = Certificate,
        Credentials = Credentials,
    };

    /// <summary>The library's client. It has no timeout of its own, as watches last longer than any.</summary>
    /// <param name="userAgent">The user agent in the API server's audit log, such as <c>clustertrail-operator/0.1.0</c>.</param>
    /// <param name="outer">What every request passes before its credential is added.</param>
    internal k8s.Kubernetes CreateClient(string userAgent, params DelegatingHandler[] outer) => new(
        new KubernetesClientConfiguration
        {
            Host = Server.AbsoluteUri,
            UserAgent = userAgent,
            SkipTlsVerify = SkipTlsVerification,
            HttpClientTimeout = Timeout.InfiniteTimeSpan,
            FirstMessageHandlerSetup = handler => Configure(handler, Certificate),
        },
        [.. outer, new CredentialHandler(this)]);

    /// <summary>Connections for another certificate than <see cref="Certificate"/>.</summary>
    internal SocketsHttpHandler CreateTransport(X509Certificate2Collection? certificate)
    {
        var handler = new SocketsHttpHandler();
        Configure(handler, certificate);
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, errors) => SkipTlsVerification || errors == SslPolicyErrors.None;
        return handler;
    }

    void Configure(SocketsHttpHandler handler, X509Certificate2Collection? certificate)
    {
        handler.AllowAutoRedirect = false;
        handler.AutomaticDecompression = DecompressionMethods.GZip;
        handler.ConnectTimeout = TimeSpan.FromSeconds(10);
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(10);
        handler.EnableMultipleHttp2Connections = true;
        // Otherwise a connection that died silently would block a quiet watch until its timeout.
        handler.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        handler.KeepAlivePingTimeout = TimeSpan.FromSeconds(15);
        handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
        handler.UseCookies = false;
        if (Proxy is not null)
            handler.Proxy = new WebProxy(Proxy);
        // The library's own check of a private authority does not compare the server's name with the certificate's.
        if (Authorities is not null)
            handler.SslOptions.CertificateChainPolicy = Trust(Authorities);
        if (certificate is { Count: > 0 } chain)
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(chain[0], [.. chain.Skip(1)], offline: true);
    }

    public override string ToString() => Server.GetLeftPart(UriPartial.Authority);

    static X509ChainPolicy Trust(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
