using System.Buffers;
using ClusterTrail.Agent.Sources.Journal;
using ClusterTrail.Agent.Sources.Webhook;
using ClusterTrail.Agent.Telemetry;
using Microsoft.AspNetCore.Http;

namespace ClusterTrail.Agent.Sources.Admission;

/// <summary>Answers the admission reviews of API servers, and makes events of them.</summary>
/// <remarks>
/// Guarantee: a valid review is allowed, whatever becomes of its event; it is answered from memory, before anything is written.
/// </remarks>
sealed class AdmissionReceiver(AdmissionQueue queue, PathTokens tokens, ReceiverLog log, Func<bool> logging, TimeProvider time)
{
    /// <summary>What a path begins with; a token follows.</summary>
    public const string Path = "/admission/";

    // An API server takes objects of 3 MiB. A review has two of them at most, and Go writes a byte such as '<' as an escape of six.
    const int MostBytes = 40 << 20;

    readonly ReceiverRequests requests = new(log, Limits, time);

    // After a second the API server gives up.
    public static ReceiverLimits Limits { get; } = new(
        MostBytes, 128L << 20, TimeSpan.FromSeconds(10), MostStreams: 250, $"The body has more than {MostBytes} bytes.");

    static ReadOnlySpan<byte> AnswerBegin =>
        "{\"kind\":\"AdmissionReview\",\"apiVersion\":\"admission.k8s.io/v1\",\"response\":{\"uid\":\""u8;

    static ReadOnlySpan<byte> AnswerEnd => "\",\"allowed\":true}}"u8;

    public Task AnswerAsync(HttpContext context)
    {
        var begun = time.GetTimestamp();
        return context.Request.Path.Value is { } path && path.StartsWith(Path, StringComparison.Ordinal)
            && tokens.Accept(path.AsSpan(Path.Length))
            ? requests.TakeAsync(context, body => TakeAsync(context, body, begun), () => FullAsync(context, begun), NoteUnread)
            : requests.RefuseAsync(
                context, ReceiverResult.WrongPath, StatusCodes.Status404NotFound, $"Reviews are answered at {Path} and the token.");
    }

    async Task TakeAsync(HttpContext context, PooledBytes body, long begun)
    {
        ReceiverResult result;
        try
        {
            result = Take(context.Response, body);
        }
        catch (AdmissionReviewException e)
        {
            NoteUnread();
            await requests.RefuseAsync(context, ReceiverResult.Refused, StatusCodes.Status400BadRequest, e.Message);
            return;
        }

        await context.Response.BodyWriter.FlushAsync(CancellationToken.None);
        log.Callers.Note(
            ReceiverCertificates.Printable(context.Connection.ClientCertificate), $"{AuditReceiver.Address(context.Connection)}", 1, null);
        log.Answered(result, 1, time.GetElapsedTime(begun));
    }

    // A span of the body cannot be kept until later.
    ReceiverResult Take(HttpResponse response, PooledBytes body)
    {
        var review = AdmissionReviewReader.Read(body.Written.Span);
        var result = logging() ? Offer(review) : ReceiverResult.NotLogging;
        response.ContentType = "application/json";
        response.Headers.XContentTypeOptions = "nosniff";
        response.ContentLength = AnswerBegin.Length + review.Uid.Length + AnswerEnd.Length;
        response.BodyWriter.Write(AnswerBegin);
        response.BodyWriter.Write(review.Uid);
        response.BodyWriter.Write(AnswerEnd);
        return result;
    }

    ReceiverResult Offer(in AdmissionReview review)
    {
        using var line = new PooledBytes();
        try
        {
            AdmissionEvent.Write(review, time.GetUtcNow(), line);
            return queue.Offer(GroupKey.Of(review.Uid), line.Written.Span) switch
            {
                OfferAnswer.Accepted => ReceiverResult.Accepted,
                OfferAnswer.Repeated => ReceiverResult.Repeated,
                _ => ReceiverResult.Lost,
            };
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A bug. Its sender is allowed to go on, as by any review, and people see it in the status and the metric.
            queue.Lose(LossReason.Failed);
            log.Note($"An internal error: {e.GetType().Name}: {e.Message}");
            return ReceiverResult.Lost;
        }
    }

    // Whoever knows the token is an API server, and its client's request goes on.
    void NoteUnread() => queue.Lose(LossReason.Unread);

    // Nothing asks its sender to come again: its client waits for it.
    Task FullAsync(HttpContext context, long begun)
    {
        queue.Lose(LossReason.QueueFull);
        log.Answered(ReceiverResult.Full, 0, time.GetElapsedTime(begun));
        return ReceiverRequests.WriteAsync(context, StatusCodes.Status429TooManyRequests, "Too much is being received at once.");
    }
}
