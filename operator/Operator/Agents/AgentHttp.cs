namespace ClusterTrail.Operator.Agents;

/// <summary>How the operator connects to agents.</summary>
/// <remarks>
/// No connection is kept. There may be thousands of agents, each is asked every few seconds, and an idle connection has 10 kB of buffers:
/// kept ones took more memory than everything else, and at 5,000 nodes more than the operator has.
/// </remarks>
static class AgentHttp
{
    const int LargestHeadersKilobytes = 16;

    /// <param name="largestAnswer">In bytes; a longer answer fails.</param>
    public static HttpClient Client(int largestAnswer) => new(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(2),
        PooledConnectionIdleTimeout = TimeSpan.Zero,
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        MaxResponseHeadersLength = LargestHeadersKilobytes,
    })
    {
        Timeout = TimeSpan.FromSeconds(4),
        MaxResponseContentBufferSize = largestAnswer,
    };
}
