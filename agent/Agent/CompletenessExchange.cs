using ClusterTrail.Agent.Integrity;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract.Completeness;
using ClusterTrail.Telemetry;
using Microsoft.AspNetCore.Http;

namespace ClusterTrail.Agent;

/// <summary>Takes what the operator says of completeness, at <c>/completeness</c>: docs/decisions/0047.</summary>
/// <remarks>Guarantee: who does not have the Trail's key changes nothing.</remarks>
sealed class CompletenessExchange(CompletenessWord word, StatusKey key)
{
    /// <summary>The page; nothing without a key.</summary>
    public TelemetryExchange? Page => key.Exists ? new(CompletenessHandover.Path, CompletenessHandover.LargestBody, Answer) : null;

    ExchangeAnswer Answer(ExchangeRequest request)
    {
        if (!request.IsPost)
        {
            return ExchangeAnswer.Refusal(StatusCodes.Status405MethodNotAllowed, "only POST");
        }

        if (!key.IsSigned(CompletenessHandover.Purpose, request.Nonce, request.Body.Span, request.Signature))
        {
            return ExchangeAnswer.Refusal(StatusCodes.Status403Forbidden, "not signed with the Trail's key");
        }

        return word.Take(request.Body.Span) is { } problem
            ? ExchangeAnswer.Refusal(StatusCodes.Status409Conflict, problem)
            : new(TelemetryPage.Text(StatusCodes.Status200OK, "ok\n"));
    }
}
