using Amazon.Runtime;
using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Sinks.S3;

/// <summary>Connections to the store alone, so that its certificate authorities are trusted for nothing else.</summary>
sealed class StoreHttpClientFactory(S3SinkConfiguration sink, ServerTrust trust) : HttpClientFactory, IDisposable
{
    const int LongestHeadersKiB = 32;

    readonly HttpClient client = new(
        new OneAttemptHandler(sink, new StoreAnswerHandler(sink, new ContinueHandler(Connections(sink, trust)))))
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

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
        MaxResponseHeadersLength = LongestHeadersKiB,
        MaxResponseDrainSize = 0, // a body that was cut may be endless: its connection is closed
        SslOptions = trust.Options,
    };
}
