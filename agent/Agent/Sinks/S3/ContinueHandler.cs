namespace ClusterTrail.Agent.Sinks.S3;

/// <summary>Waits for the store's 100 Continue before it sends a large body, and sends a small one immediately.</summary>
/// <remarks>
/// The SDK always asks. But when the answer is a refusal, the class library sends up to 1024 bytes nevertheless, to keep the
/// connection; Ceph 16 takes these for the start of the next request and answers that with 405.
/// </remarks>
sealed class ContinueHandler(HttpMessageHandler next) : DelegatingHandler(next)
{
    const long SentRegardless = 1024;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.ExpectContinue = request.Content?.Headers.ContentLength > SentRegardless;
        return base.SendAsync(request, cancellationToken);
    }
}
