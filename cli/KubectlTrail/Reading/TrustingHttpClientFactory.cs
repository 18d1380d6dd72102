using System.Security.Cryptography.X509Certificates;
using Amazon.Runtime;

namespace ClusterTrail.Kubectl.Reading;

/// <summary>HTTP clients that trust the given certificate authorities and no others.</summary>
sealed class TrustingHttpClientFactory(X509Certificate2Collection authorities) : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // A private authority seldom publishes revocations; the system's default would not ask for them either.
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return new(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = policy } });
    }
}
