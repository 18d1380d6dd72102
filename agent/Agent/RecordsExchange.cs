using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract.Records;
using ClusterTrail.Telemetry;
using Microsoft.AspNetCore.Http;

namespace ClusterTrail.Agent;

/// <summary>Takes key records from the operator, at <c>/records</c>: docs/decisions/0029.</summary>
/// <remarks>Guarantee: who does not have the Trail's key changes nothing.</remarks>
sealed class RecordsExchange(KeyRecordStore records, StatusKey key)
{
    /// <summary>The page; nothing without a key.</summary>
    public TelemetryExchange? Page => key.Exists ? new(KeyRecords.Path, KeyRecords.LargestBody, Answer) : null;

    internal ExchangeAnswer Answer(ExchangeRequest request)
    {
        if (!request.IsPost)
        {
            return ExchangeAnswer.Refusal(StatusCodes.Status405MethodNotAllowed, "only POST");
        }

        if (!key.IsSigned(KeyRecords.Purpose, request.Nonce, request.Body.Span, request.Signature))
        {
            return ExchangeAnswer.Refusal(StatusCodes.Status403Forbidden, "not signed with the Trail's key");
        }

        try
        {
            return records.Take(request.Body) is { } problem
                ? ExchangeAnswer.Refusal(StatusCodes.Status409Conflict, problem)
                : new(TelemetryPage.Text(StatusCodes.Status200OK, "ok\n"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ExchangeAnswer.Refusal(StatusCodes.Status503ServiceUnavailable, "it cannot be written to the spool now");
        }
    }
}
