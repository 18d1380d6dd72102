using System.Net;
using ClusterTrail.Agent.Sources.Journal;
using ClusterTrail.Agent.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ClusterTrail.Agent.Sources.Webhook;

/// <summary>Takes the events that API servers send, and answers when they are on disk.</summary>
/// <remarks>Guarantee: 200 means that every event of the request is on disk for good.</remarks>
sealed class AuditReceiver(EventJournal journal, ReceiverLog log, Func<bool> logging, TimeProvider time)
{
    public const string Path = "/audit";

    /// <summary>The largest request. kube-apiserver's is a batch of 400 events by default.</summary>
    public const int MostBytes = 64 << 20;

    const int RetryAfterSeconds = 5;

    readonly ReceiverRequests requests = new(log, Limits, time);

    // In memory: the largest one, and as much again for all others. After 30 s the API server gives up.
    public static ReceiverLimits Limits { get; } = new(
        MostBytes, 2L * MostBytes, TimeSpan.FromSeconds(30), MostStreams: 32,
        $"The body has more than {MostBytes} bytes. Lower --audit-webhook-batch-max-size.");

    public Task AnswerAsync(HttpContext context)
    {
        var begun = time.GetTimestamp();
        return context.Request.Path.Value == Path
            ? requests.TakeAsync(context, body => TakeAsync(context, body, begun), () => DeferAsync(context, ReceiverResult.Full, begun))
            : requests.RefuseAsync(context, ReceiverResult.Refused, StatusCodes.Status404NotFound, $"Audit events are received at {Path}.");
    }

    /// <summary>Who calls, as the agent sees it.</summary>
    public static IPAddress? Address(ConnectionInfo connection) =>
        connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : connection.RemoteIpAddress;

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
            await requests.RefuseAsync(context, ReceiverResult.Refused, StatusCodes.Status400BadRequest, e.Message);
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

    Task AcceptAsync(HttpContext context, ReceiverResult result, int events, long begun)
    {
        log.Answered(result, events, time.GetElapsedTime(begun));
        return ReceiverRequests.WriteAsync(context, StatusCodes.Status200OK, "");
    }

    Task DeferAsync(HttpContext context, ReceiverResult result, long begun)
    {
        log.Answered(result, 0, time.GetElapsedTime(begun));
        context.Response.Headers.RetryAfter = new StringValues($"{RetryAfterSeconds}");
        return result == ReceiverResult.Full
            ? ReceiverRequests.WriteAsync(
                context, StatusCodes.Status429TooManyRequests, "The journal is full: the sink does not accept batches as fast.")
            : ReceiverRequests.WriteAsync(
                context, StatusCodes.Status503ServiceUnavailable, $"The journal cannot be written: {journal.Problem}");
    }
}
