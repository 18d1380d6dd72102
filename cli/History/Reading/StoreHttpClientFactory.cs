using System.Security.Cryptography.X509Certificates;
using Amazon.Runtime;

namespace ClusterTrail.History.Reading;

/// <summary>HTTP clients for the store, whose answers are bounded.</summary>
/// <param name="authorities">The only certificate authorities to trust; null means the system's.</param>
sealed class StoreHttpClientFactory(X509Certificate2Collection? authorities) : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig)
    {
        // A redirect needs a signature of its own; the SDK follows it.
        var connections = new SocketsHttpHandler { AllowAutoRedirect = false };
        if (authorities is not null)
            connections.SslOptions = new() { CertificateChainPolicy = Trust(authorities) };
        return new(new BoundedAnswerHandler(connections));
    }

    static X509ChainPolicy Trust(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // A private authority seldom publishes revocations; the system's default would not ask for them either.
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
