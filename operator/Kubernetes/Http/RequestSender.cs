using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace ClusterTrail.Kubernetes.Http;

/// <summary>Sends requests, again where that helps and cannot harm, and turns refusals into exceptions.</summary>
sealed partial class RequestSender
{
    const int MaxRetries = 4;
    const int LongestMessage = 500;
    static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);
    static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(30);

    readonly HttpClient http;
    readonly TimeSpan timeout;
    readonly TimeSpan firstDelay;
    readonly TimeProvider time;
    readonly ILogger logger;
    readonly ResiliencePipeline<HttpResponseMessage> repeatable;
    readonly ResiliencePipeline<HttpResponseMessage> onceOnly;

    public RequestSender(HttpClient http, ClusterOptions options, TimeProvider time, ILogger logger)
    {
        (this.http, this.time, this.logger) = (http, time, logger);
        (timeout, firstDelay) = (options.RequestTimeout, options.FirstRetryDelay);
        repeatable = BuildRetry(WasTransient);
        onceOnly = BuildRetry(WasNotTaken);
    }

    /// <summary>Sends until there is an answer that counts, and reads it whole.</summary>
    /// <exception cref="KubernetesException">The answer was no.</exception>
    /// <exception cref="HttpRequestException">The server was not reached.</exception>
    /// <exception cref="TimeoutException">The server did not answer.</exception>
    public async Task<JsonElement> SendAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var retry = request.IsRepeatable ? repeatable : onceOnly;
        using var response = await retry.ExecuteAsync(
            async cancel => await TryAsync(request, HttpCompletionOption.ResponseContentRead, cancel), cancellationToken);
        await ThrowIfRefusedAsync(response, cancellationToken);
        return await ReadJsonAsync(request, response, cancellationToken);
    }

    /// <summary>Sends once, and gives the answer as soon as it begins.</summary>
    public async Task<HttpResponseMessage> OpenAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var response = await TryAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        try
        {
            await ThrowIfRefusedAsync(response, cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    async Task<HttpResponseMessage> TryAsync(ApiRequest request, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var message = request.ToMessage();
        try
        {
            return await http.SendAsync(message, completion, either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The API server did not answer {request} within {timeout.TotalSeconds} s.", e);
        }
    }

    ResiliencePipeline<HttpResponseMessage> BuildRetry(Func<Outcome<HttpResponseMessage>, bool> again) =>
        new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                ShouldHandle = tried => ValueTask.FromResult(!tried.Context.CancellationToken.IsCancellationRequested && again(tried.Outcome)),
                MaxRetryAttempts = MaxRetries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = firstDelay,
                MaxDelay = LongestDelay,
                DelayGenerator = tried => ValueTask.FromResult(AskedDelay(tried.Outcome.Result)),
                OnRetry = tried =>
                {
                    LogRetry(tried.RetryDelay, tried.Outcome.Exception?.Message ?? $"It answered {(int)tried.Outcome.Result!.StatusCode}.");
                    return default;
                },
            })
            .Build();

    // Told to come back later, all come back a little later than told, and not at once.
    TimeSpan? AskedDelay(HttpResponseMessage? response)
    {
        if (response?.Headers.RetryAfter is not { } header || (header.Delta ?? header.Date - time.GetUtcNow()) is not { } asked)
            return null;
        var bounded = TimeSpan.FromTicks(Math.Clamp(asked.Ticks, 0, LongestRetryAfter.Ticks));
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

    // The server did not begin with it, or never heard of it.
    static bool WasNotTaken(Outcome<HttpResponseMessage> tried) => tried switch
    {
        { Exception: HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } } => true,
        { Result.StatusCode: HttpStatusCode.TooManyRequests } => true,
        _ => false,
    };

    static async Task<JsonElement> ReadJsonAsync(ApiRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The answer to {request} is no JSON, so it is not from an API server. Check the server's address.", e);
        }
    }

    static async Task ThrowIfRefusedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
            throw new KubernetesException(ParseStatus(response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken)));
    }

    // What stands before the API server may answer with something other than a Status.
    static Status ParseStatus(HttpStatusCode code, string text)
    {
        try
        {
            if (JsonSerializer.Deserialize<Status>(text, KubernetesJson.Options) is { Code: not 0 } status)
                return status;
        }
        catch (JsonException)
        {
        }

        return new((int)code, code.ToString(), text.Length > LongestMessage ? text[..LongestMessage] : text);
    }

    [LoggerMessage(LogLevel.Debug, "A request is sent again in {Delay}: {Reason}")]
    partial void LogRetry(TimeSpan delay, string reason);
}
