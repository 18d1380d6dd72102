using System.Buffers;
using System.Net;
using ClusterTrail.Agent.Sources.Journal;
using ClusterTrail.Agent.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ClusterTrail.Agent.Sources.Webhook;

/// <summary>Takes the events that API servers send, and answers when they are on disk.</summary>
/// <remarks>
/// Guarantees: 200 means that every event of the request is on disk for good. Whatever else is sent gets the right status and a sentence,
/// changes nothing, and takes a bounded share of memory and time.
/// </remarks>
sealed class AuditReceiver(EventJournal journal, ReceiverLog log, Func<bool> logging, TimeProvider time)
{
    public const string Path = "/audit";

    /// <summary>The largest request. kube-apiserver's is a batch of 400 events by default.</summary>
    public const int MostBytes = 64 << 20;

    // The largest one, and as much again for all others.
    const long MostBytesAtOnce = 2L * MostBytes;

    const int RetryAfterSeconds = 5;

    // After 30 s the API server gives up.
    static readonly TimeSpan LongestRequest = TimeSpan.FromSeconds(30);

    readonly BodyBudget budget = new(MostBytesAtOnce);

    public async Task AnswerAsync(HttpContext context)
    {
        var begun = time.GetTimestamp();
        if (Refusal(context.Request) is { } refusal)
        {
            await RefuseAsync(context, refusal.Status, refusal.Sentence);
            return;
        }

        using var limit = new CancellationTokenSource(LongestRequest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted);
        using var body = new PooledBytes();
        if (!budget.TryTake(body.Capacity))
        {
            await DeferAsync(context, ReceiverResult.Full, begun);
            return;
        }

        var taken = (long)body.Capacity;
        try
        {
            var (isWhole, more) = await ReadAsync(context.Request, body, taken, either.Token);
            taken = more;
            await (isWhole ? TakeAsync(context, body, begun) : DeferAsync(context, ReceiverResult.Full, begun));
        }
        catch (OperationCanceledException)
        {
            log.Refuse(ReceiverResult.TooSlow, "A request did not end in time, or its sender went away.");
            if (limit.IsCancellationRequested)
                await WriteAsync(context, StatusCodes.Status408RequestTimeout, "The request did not end within 30 s.");
        }
        catch (BadHttpRequestException e)
        {
            await RefuseAsync(context, e.StatusCode, e.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? $"The body has more than {MostBytes} bytes. Lower --audit-webhook-batch-max-size." : e.Message);
        }
        catch (IOException e)
        {
            log.Refuse(ReceiverResult.Refused, $"A request ended before its end: {e.Message}");
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
    }

    static (int Status, string Sentence)? Refusal(HttpRequest request) => request switch
    {
        { Path.Value: not Path } => (StatusCodes.Status404NotFound, $"Audit events are received at {Path}."),
        _ when !HttpMethods.IsPost(request.Method) => (StatusCodes.Status405MethodNotAllowed, $"{Path} takes POST."),
        _ when !IsJson(request.ContentType) =>
            (StatusCodes.Status415UnsupportedMediaType, "The content type must be application/json."),
        _ when !StringValues.IsNullOrEmpty(request.Headers.ContentEncoding) && request.Headers.ContentEncoding != "identity" =>
            (StatusCodes.Status415UnsupportedMediaType, "The body must not be compressed."),
        { ContentLength: > MostBytes } => (
            StatusCodes.Status413PayloadTooLarge, $"The body has more than {MostBytes} bytes. Lower --audit-webhook-batch-max-size."),
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

    async Task TakeAsync(HttpContext context, PooledBytes body, long begun)
    {
        using var lines = new PooledBytes();
        int events;
        try
        {
            events = EventListReader.Read(body.Written.Span, lines);
        }
        catch (EventListException e)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, e.Message);
            return;
        }

        if (!logging())
        {
            await AcceptAsync(context, ReceiverResult.NotLogging, events, begun);
            return;
        }

        // Without the request's cancellation: the journal reads the lines until it has answered.
        var answer = events == 0 ? JournalAnswer.Stored : await journal.AppendAsync(GroupKey.Of(body.Written.Span), lines.Written);
        if (answer is JournalAnswer.Full or JournalAnswer.Failed)
        {
            await DeferAsync(context, answer == JournalAnswer.Full ? ReceiverResult.Full : ReceiverResult.Failed, begun);
            return;
        }

        log.Callers.Note(
            ReceiverCertificates.Printable(context.Connection.ClientCertificate), $"{Address(context.Connection)}", events,
            EventTimes.Last(lines.Written.Span));
        await AcceptAsync(context, answer == JournalAnswer.Known ? ReceiverResult.Repeated : ReceiverResult.Stored, events, begun);
    }

    static IPAddress? Address(ConnectionInfo connection) =>
        connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : connection.RemoteIpAddress;

    Task AcceptAsync(HttpContext context, ReceiverResult result, int events, long begun)
    {
        log.Answered(result, events, time.GetElapsedTime(begun));
        return WriteAsync(context, StatusCodes.Status200OK, "");
    }

    Task DeferAsync(HttpContext context, ReceiverResult result, long begun)
    {
        log.Answered(result, 0, time.GetElapsedTime(begun));
        context.Response.Headers.RetryAfter = new StringValues($"{RetryAfterSeconds}");
        return result == ReceiverResult.Full
            ? WriteAsync(context, StatusCodes.Status429TooManyRequests, "The journal is full: the sink does not accept batches as fast.")
            : WriteAsync(context, StatusCodes.Status503ServiceUnavailable, $"The journal cannot be written: {journal.Problem}");
    }

    Task RefuseAsync(HttpContext context, int status, string sentence)
    {
        log.Refuse(ReceiverResult.Refused, sentence);
        if (status == StatusCodes.Status405MethodNotAllowed)
            context.Response.Headers.Allow = HttpMethods.Post;
        return WriteAsync(context, status, sentence);
    }

    // What is left of the body is not read: the connection ends with the answer, or this stream of it.
    static async Task WriteAsync(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.ContentType = "text/plain; charset=utf-8";
        if (status != StatusCodes.Status200OK && context.Request.Protocol == HttpProtocol.Http11)
            context.Response.Headers.Connection = "close";
        if (sentence.Length > 0)
            await context.Response.WriteAsync($"{sentence}\n", CancellationToken.None);
    }
}
