using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract.Labels;
using ClusterTrail.Telemetry;
using Microsoft.AspNetCore.Http;

namespace ClusterTrail.Agent;

/// <summary>Takes the labels of pods and namespaces from the operator, at <c>/labels</c>: docs/decisions/0024.</summary>
/// <remarks>Guarantee: who does not have the Trail's key changes nothing.</remarks>
sealed class LabelsExchange(LabelStore labels, StatusKey key)
{
    /// <summary>The page; nothing without a key.</summary>
    public TelemetryExchange? Page => key.Exists ? new(LabelsHandover.Path, LabelsHandover.LargestBody, Answer) : null;

    ExchangeAnswer Answer(ExchangeRequest request)
    {
        if (!request.IsPost)
        {
            return ExchangeAnswer.Refusal(StatusCodes.Status405MethodNotAllowed, "only POST");
        }

        if (!key.IsSigned(LabelsHandover.Purpose, request.Nonce, request.Body.Span, request.Signature))
        {
            return ExchangeAnswer.Refusal(StatusCodes.Status403Forbidden, "not signed with the Trail's key");
        }

        return labels.Take(request.Body.Span) is { } problem
            ? ExchangeAnswer.Refusal(StatusCodes.Status409Conflict, problem)
            : new(TelemetryPage.Text(StatusCodes.Status200OK, "ok\n"));
    }
}
