using System.Security.Cryptography.X509Certificates;
using Amazon.Runtime;

namespace ClusterTrail.Operator.Anchors;

/// <summary>Connections to one bucket, which trust the authorities of its Trail.</summary>
sealed class AnchorConnections(X509Certificate2Collection? authorities, TimeSpan limit) : HttpClientFactory, IDisposable
{
    readonly HttpClient client = new(Handler(authorities)) { Timeout = limit };

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => client;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => client.Dispose();

    static SocketsHttpHandler Handler(X509Certificate2Collection? authorities)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        if (authorities is not null)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust };
            policy.CustomTrustStore.AddRange(authorities);
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        return handler;
    }
}
