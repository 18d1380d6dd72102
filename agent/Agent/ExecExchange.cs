using System.Globalization;
using System.Text;
using System.Text.Json;
using ClusterTrail.Agent.Execs;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract.Execs;
using ClusterTrail.Telemetry;
using Microsoft.AspNetCore.Http;

namespace ClusterTrail.Agent;

/// <summary>What the operator and this agent say to each other of execs, at <c>/execs</c>: docs/decisions/0025.</summary>
/// <remarks>Guarantee: who does not have the Trail's key gets nothing, and changes nothing.</remarks>
/// <param name="log">What this agent sees in its API server's log; nothing without such a log.</param>
/// <param name="handed">What this agent needs to know; nothing if it records no processes.</param>
/// <param name="through">Up to when the log was read; nothing while nobody can say.</param>
sealed class ExecExchange(ExecLog? log, HandedExecs? handed, StatusKey key, Func<DateTimeOffset?> through)
{
    /// <summary>The page; nothing for an agent that has no part in it.</summary>
    public TelemetryExchange? Page => key.Exists && (log ?? (object?)handed) is not null
        ? new(ExecSignature.Path, ExecHandover.LargestBody, Answer)
        : null;

    ExchangeAnswer Answer(ExchangeRequest request) => request.IsPost ? Take(request) : Report(request);

    ExchangeAnswer Report(ExchangeRequest request)
    {
        if (log is null)
        {
            return ExchangeAnswer.Refusal(StatusCodes.Status404NotFound, "this agent reads no API server's log");
        }

        if (!key.IsSigned(ExecSignature.Ask, request.Nonce, Encoding.UTF8.GetBytes(request.Query), request.Signature))
        {
            return ExchangeAnswer.Refusal(StatusCodes.Status403Forbidden, "not signed with the Trail's key");
        }

        return After(request.Query) is { } after
            ? Signed(
                ExecSignature.Report, request,
                JsonSerializer.SerializeToUtf8Bytes(log.Report(after, through()), ExecsJson.Default.ExecReport))
            : ExchangeAnswer.Refusal(StatusCodes.Status400BadRequest, "the query is not after=NUMBER");
    }

    ExchangeAnswer Take(ExchangeRequest request)
    {
        if (handed is null)
        {
            return ExchangeAnswer.Refusal(StatusCodes.Status404NotFound, "this agent records no processes");
        }

        var (ofTrail, ofOperator) = OperatorSignature.Split(request.Signature);
        if (!key.IsSigned(ExecSignature.Handover, request.Nonce, request.Body.Span, ofTrail))
        {
            handed.NoteRefused();
            return ExchangeAnswer.Refusal(StatusCodes.Status403Forbidden, "not signed with the Trail's key");
        }

        if (Parse(request.Body.Span) is not { } handover
            || !OperatorSignature.IsSigned(handover.OperatorKey, request.Nonce!, request.Body.Span, ofOperator))
        {
            handed.NoteRefused();
            return ExchangeAnswer.Refusal(StatusCodes.Status400BadRequest, "not a handover that an operator signed");
        }

        if (handed.Take(handover, out var problem) is not { } answer)
        {
            handed.NoteRefused();
            return ExchangeAnswer.Refusal(StatusCodes.Status409Conflict, problem);
        }

        return Signed(ExecSignature.Answer, request, JsonSerializer.SerializeToUtf8Bytes(answer, ExecsJson.Default.HandoverAnswer));
    }

    ExchangeAnswer Signed(string purpose, ExchangeRequest request, byte[] body) => new(
        new(StatusCodes.Status200OK, "application/json; charset=utf-8", body), key.Sign(purpose, request.Nonce!, body));

    static ExecHandover? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ExecsJson.Default.ExecHandover) is { } handover && IsWhole(handover) ? handover : null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null;
        }
    }

    // A list may hold null, whatever its type says.
    static bool IsWhole(ExecHandover handover) =>
        handover.Execs.All(one => one is not null && one.Command.All(word => word is not null))
        && handover.Pods.All(pod => pod is not null
            && pod.Commands.All(one => one is not null && one.Command.All(word => word is not null)));

    static long? After(string query) =>
        query.StartsWith("?after=", StringComparison.Ordinal)
            && long.TryParse(query.AsSpan("?after=".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var after)
        ? after
        : null;
}
