using Amazon.Runtime;
using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Sinks.S3;

/// <summary>Connections to the store alone, so that its certificate authorities are trusted for nothing else.</summary>
sealed class StoreHttpClientFactory(S3SinkConfiguration sink, ServerTrust trust) : HttpClientFactory, IDisposable
{
    readonly HttpClient client =
        new(new OneAttemptHandler(sink, new ContinueHandler(Connections(sink, trust)))) { Timeout = Timeout.InfiniteTimeSpan };

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => client;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => client.Dispose();

    static SocketsHttpHandler Connections(S3SinkConfiguration sink, ServerTrust trust) => new()
    {
        AllowAutoRedirect = false, // a redirect needs a signature of its own; the SDK follows it
        MaxConnectionsPerServer = sink.MaxConcurrency,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // S3's addresses move
        ConnectTimeout = TimeSpan.FromSeconds(sink.TimeoutSeconds),
        SslOptions = trust.Options,
    };
}
