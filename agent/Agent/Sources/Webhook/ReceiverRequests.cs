using System.Buffers;
using ClusterTrail.Agent.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ClusterTrail.Agent.Sources.Webhook;

/// <summary>Takes what is sent to a receiver: POSTs of JSON, whole, of bounded size and time.</summary>
/// <remarks>
/// Guarantee: whatever else is sent gets the right status and a sentence, changes nothing, and takes a bounded share of memory and time.
/// </remarks>
sealed class ReceiverRequests(ReceiverLog log, ReceiverLimits limits, TimeProvider time)
{
    readonly BodyBudget budget = new(limits.MostBytesAtOnce);

    /// <param name="take">Answers a request that is here whole. The body is gone when it ends.</param>
    /// <param name="full">Answers when there is no memory for it.</param>
    /// <param name="unread">Called when it could not be read whole, before it is refused.</param>
    public async Task TakeAsync(HttpContext context, Func<PooledBytes, Task> take, Func<Task> full, Action? unread = null)
    {
        if (Refusal(context.Request) is { } refusal)
        {
            unread?.Invoke();
            await RefuseAsync(context, ReceiverResult.Refused, refusal.Status, refusal.Sentence);
            return;
        }

        using var limit = new CancellationTokenSource(limits.Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted);
        using var body = new PooledBytes();
        if (!budget.TryTake(body.Capacity))
        {
            await full();
            return;
        }

        var (taken, isRead) = ((long)body.Capacity, false);
        try
        {
            var (isWhole, more) = await ReadAsync(context.Request, body, taken, either.Token);
            (taken, isRead) = (more, true);
            await (isWhole ? take(body) : full());
        }
        catch (OperationCanceledException)
        {
            NoteUnread();
            log.Refuse(ReceiverResult.TooSlow, "A request did not end in time, or its sender went away.");
            if (limit.IsCancellationRequested)
            {
                await WriteAsync(
                    context, StatusCodes.Status408RequestTimeout, $"The request did not end within {limits.Longest.TotalSeconds:0} s.");
            }
        }
        catch (BadHttpRequestException e)
        {
            NoteUnread();
            var isSlow = e.StatusCode == StatusCodes.Status408RequestTimeout;
            await RefuseAsync(
                context, isSlow ? ReceiverResult.TooSlow : ReceiverResult.Refused, e.StatusCode,
                e.StatusCode == StatusCodes.Status413PayloadTooLarge ? limits.TooLarge : e.Message);
        }
        catch (IOException e)
        {
            NoteUnread();
            log.Refuse(ReceiverResult.Refused, $"A request ended before its end: {e.Message}");
            // Otherwise it would be answered 200.
            context.Abort();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A bug: its sender tries again, and people see it in the status and the metric.
            log.Refuse(ReceiverResult.Failed, $"An internal error: {e.GetType().Name}: {e.Message}");
            if (!context.Response.HasStarted)
                await WriteAsync(context, StatusCodes.Status500InternalServerError, "An internal error of the agent; see its status.");
        }
        finally
        {
            budget.Return(taken);
        }

        // What was read whole has its answer, also when its sender does not wait for it.
        void NoteUnread()
        {
            if (!isRead)
                unread?.Invoke();
        }
    }

    public Task RefuseAsync(HttpContext context, ReceiverResult result, int status, string sentence)
    {
        log.Refuse(result, sentence);
        if (status == StatusCodes.Status405MethodNotAllowed)
            context.Response.Headers.Allow = HttpMethods.Post;
        return WriteAsync(context, status, sentence);
    }

    // What is left of the body is not read: the connection ends with the answer, or this stream of it.
    public static async Task WriteAsync(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.ContentType = "text/plain; charset=utf-8";
        if (status != StatusCodes.Status200OK && context.Request.Protocol == HttpProtocol.Http11)
            context.Response.Headers.Connection = "close";
        if (sentence.Length > 0)
            await context.Response.WriteAsync($"{sentence}\n", CancellationToken.None);
    }

    (int Status, string Sentence)? Refusal(HttpRequest request) => request switch
    {
        _ when !HttpMethods.IsPost(request.Method) => (StatusCodes.Status405MethodNotAllowed, "Only POST is taken here."),
        _ when !IsJson(request.ContentType) =>
            (StatusCodes.Status415UnsupportedMediaType, "The content type must be application/json."),
        _ when !StringValues.IsNullOrEmpty(request.Headers.ContentEncoding) && request.Headers.ContentEncoding != "identity" =>
            (StatusCodes.Status415UnsupportedMediaType, "The body must not be compressed."),
        _ when request.ContentLength > limits.MostBytes => (StatusCodes.Status413PayloadTooLarge, limits.TooLarge),
        _ => null,
    };

    static bool IsJson(string? contentType) =>
        contentType?.Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase) == true;

    // False when there is no memory for the whole; what is taken of the budget, in either case.
    async Task<(bool IsWhole, long Taken)> ReadAsync(HttpRequest request, PooledBytes body, long taken, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            foreach (var piece in read.Buffer)
                body.Write(piece.Span);
            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (body.Capacity > taken)
            {
                if (!budget.TryTake(body.Capacity - taken))
                    return (false, taken);
                taken = body.Capacity;
            }

            if (read.IsCompleted)
                return (true, taken);
        }
    }
}
