using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClusterTrail.Telemetry;

/// <summary>Reads requests of other programs and has them answered.</summary>
/// <remarks>Guarantee: whoever sends what, few bodies at once are in memory, each within its limit, and none for long.</remarks>
sealed class ExchangeReader(TelemetryExchange exchange, TelemetryPages pages)
{
    const int AtOnce = 4;

    static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    int answering;

    public async Task<ExchangeAnswer> AnswerAsync(HttpContext context)
    {
        var isPost = HttpMethods.IsPost(context.Request.Method);
        if (!isPost && !HttpMethods.IsGet(context.Request.Method))
        {
            return ExchangeAnswer.Refusal(StatusCodes.Status405MethodNotAllowed, "only GET and POST");
        }

        try
        {
            return Interlocked.Increment(ref answering) > AtOnce
                ? ExchangeAnswer.Refusal(StatusCodes.Status503ServiceUnavailable, "busy")
                : await ReadAsync(context, isPost);
        }
        finally
        {
            Interlocked.Decrement(ref answering);
        }
    }

    async Task<ExchangeAnswer> ReadAsync(HttpContext context, bool isPost)
    {
        var (nonce, signature) = pages.SignatureHeaders;
        var body = isPost ? await BodyAsync(context) : default(ReadOnlyMemory<byte>);
        return body is null
            ? ExchangeAnswer.Refusal(StatusCodes.Status413PayloadTooLarge, "too large, or too slow")
            : exchange.Answer(new(
                isPost, context.Request.QueryString.Value ?? "", Single(context, nonce), Single(context, signature), body.Value));
    }

    async Task<ReadOnlyMemory<byte>?> BodyAsync(HttpContext context)
    {
        if (context.Request.ContentLength > exchange.LargestBody)
        {
            return null;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = exchange.LargestBody;
        }

        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        giveUp.CancelAfter(Longest);
        using var body = new MemoryStream();
        try
        {
            await context.Request.Body.CopyToAsync(body, giveUp.Token);
            return body.ToArray();
        }
        catch (Exception e) when (
            e is BadHttpRequestException or OperationCanceledException && !context.RequestAborted.IsCancellationRequested)
        {
            return null;
        }
    }

    static string? Single(HttpContext context, string header) => context.Request.Headers[header] is [{ } one] ? one : null;
}
