using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Sinks.S3;

/// <summary>Reports a broken connection as an exception that the SDK does not retry.</summary>
/// <remarks>With MaxErrorRetry 0 the SDK still tries ten times more, without a pause, when a connection ends before the answer.</remarks>
sealed class OneAttemptHandler(S3SinkConfiguration sink, HttpMessageHandler next) : DelegatingHandler(next)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // Without its cause: the SDK looks for an IOException all the way down.
            var failure = S3Failure.Explain(e, sink);
            throw new SinkException(failure.Code, failure.Message) { Scope = failure.Scope };
        }
    }
}
