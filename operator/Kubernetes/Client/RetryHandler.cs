using System.Net;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace ClusterTrail.Kubernetes.Client;

/// <summary>Sends requests again where that helps and cannot harm, which the library never does.</summary>
/// <remarks>A request has been answered when its answer is complete, unless it is a stream.</remarks>
sealed partial class RetryHandler : DelegatingHandler
{
    /// <summary>Marks requests whose answer is read as it comes. They are sent once: their reader restarts the watch anyway.</summary>
    public static readonly HttpRequestOptionsKey<bool> IsStream = new("clustertrail.stream");

    /// <summary>Marks requests whose answer is read as it comes, but which are sent again until there is one.</summary>
    public static readonly HttpRequestOptionsKey<bool> IsPage = new("clustertrail.page");

    const int MaxRetries = 4;
    static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);
    static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(30);

    readonly TimeSpan timeout;
    readonly TimeSpan firstDelay;
    readonly TimeProvider time;
    readonly ILogger logger;
    readonly ResiliencePipeline<HttpResponseMessage> repeatable;
    readonly ResiliencePipeline<HttpResponseMessage> onceOnly;

    public RetryHandler(ClusterOptions options, TimeProvider time, ILogger logger)
    {
        (this.time, this.logger) = (time, logger);
        (timeout, firstDelay) = (options.RequestTimeout, options.FirstRetryDelay);
        repeatable = BuildRetry(WasTransient);
        onceOnly = BuildRetry(WasNotTaken);
    }

    /// <exception cref="HttpRequestException">The server was not reached.</exception>
    /// <exception cref="TimeoutException">The server did not answer.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Options.TryGetValue(IsStream, out var isStream) && isStream)
            return await TryAsync(request, isStream, cancellationToken);
        var retry = IsRepeatable(request) ? repeatable : onceOnly;
        var isPage = request.Options.TryGetValue(IsPage, out var page) && page;
        return await retry.ExecuteAsync(async cancel => await TryAsync(request, isPage, cancel), cancellationToken);
    }

    async Task<HttpResponseMessage> TryAsync(HttpRequestMessage request, bool isStream, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await AnswerAsync(request, isStream, either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            // Without the query: a page's token would only hide the rest.
            var what = $"{request.Method} {request.RequestUri?.AbsolutePath}";
            throw new TimeoutException($"The API server did not answer {what} within {timeout.TotalSeconds} s.", e);
        }
    }

    async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, bool isStream, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        try
        {
            if (!isStream)
                await response.Content.LoadIntoBufferAsync(cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    // Whether sending it twice has the effect of sending it once. A merge patch with a version is rejected if its first attempt succeeded.
    static bool IsRepeatable(HttpRequestMessage request) =>
        request.Method != HttpMethod.Post && request.Content?.Headers.ContentType?.MediaType != "application/merge-patch+json";

    ResiliencePipeline<HttpResponseMessage> BuildRetry(Func<Outcome<HttpResponseMessage>, bool> again) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                ShouldHandle = tried =>
                    ValueTask.FromResult(!tried.Context.CancellationToken.IsCancellationRequested && again(tried.Outcome)),
                MaxRetryAttempts = MaxRetries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = firstDelay,
                MaxDelay = LongestDelay,
                DelayGenerator = tried => ValueTask.FromResult(DelayOf(tried.Outcome.Result)),
                OnRetry = tried =>
                {
                    LogRetry(tried.RetryDelay, tried.Outcome.Exception?.Message ?? $"It answered {(int)tried.Outcome.Result!.StatusCode}.");
                    return default;
                },
            })
            .Build();

    // After Retry-After, clients retry a little later than asked, and not all at the same time.
    TimeSpan? DelayOf(HttpResponseMessage? response)
    {
        if (response?.Headers.RetryAfter is not { } header || (header.Delta ?? header.Date - time.GetUtcNow()) is not { } wanted)
            return null;
        var bounded = TimeSpan.FromTicks(Math.Clamp(wanted.Ticks, 0, LongestRetryAfter.Ticks));
        return bounded + firstDelay * Random.Shared.NextDouble();
    }

    static bool WasTransient(Outcome<HttpResponseMessage> tried) => tried switch
    {
        { Exception: HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } } => false,
        { Exception: HttpRequestException or IOException or TimeoutException } => true,
        {
            Result.StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
        } => true,
        _ => false,
    };

    // The server did not begin to process it, or never received it.
    static bool WasNotTaken(Outcome<HttpResponseMessage> tried) => tried switch
    {
        {
            Exception: HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError }
        } => true,
        { Result.StatusCode: HttpStatusCode.TooManyRequests } => true,
        _ => false,
    };

    [LoggerMessage(LogLevel.Debug, "Retrying a request in {Delay}: {Reason}")]
    partial void LogRetry(TimeSpan delay, string reason);
}
