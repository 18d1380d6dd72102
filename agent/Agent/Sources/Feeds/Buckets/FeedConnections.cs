using Amazon.Runtime;
using ClusterTrail.Agent.Sinks;

namespace ClusterTrail.Agent.Sources.Feeds.Buckets;

/// <summary>Connections to a store that is read, so that its certificate authorities are trusted for nothing else.</summary>
sealed class FeedConnections(ServerTrust trust, TimeSpan timeout) : HttpClientFactory, IDisposable
{
    readonly HttpClient client = new(new OneTryHandler(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, // a redirect needs a signature of its own; the SDK follows it
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = timeout,
        MaxResponseDrainSize = 0,
        SslOptions = trust.Options,
    }))
    {
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
    };

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => client;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => client.Dispose();

    // Even without retries the SDK tries again, and without a pause, when a connection ends before the answer.
    sealed class OneTryHandler(HttpMessageHandler next) : DelegatingHandler(next)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                var reason = e.InnerException is { } inner ? $"{e.Message.TrimEnd('.')}: {inner.Message}" : e.Message;
                throw new FeedException(
                    FeedFailure.Store, $"{request.RequestUri?.GetLeftPart(UriPartial.Authority)} cannot be reached: {reason}");
            }
        }
    }
}
