using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Labels;
using ClusterTrail.Contract.Status;
using ClusterTrail.Telemetry;
using Microsoft.AspNetCore.Http;

namespace ClusterTrail.Agent;

/// <summary>Takes the labels of pods and namespaces from the operator, at <c>/labels</c>: docs/decisions/0024.</summary>
/// <remarks>Guarantee: who does not have the Trail's key changes nothing.</remarks>
sealed class LabelsExchange(LabelStore labels, StatusKey key)
{
    /// <summary>The page; nothing without a key.</summary>
    public TelemetryExchange? Page => key.Exists ? new(LabelsHandover.Path, LabelsHandover.LargestBody, Answer) : null;

    /// <summary>What lacks for the labels that the configuration asks for; null if nothing does.</summary>
    public static string? Lacking(EnrichmentConfiguration? asked, StatusKey key) =>
        key.Exists || asked is not ({ NamespaceLabels.Count: > 0 } or { OwnerLabels.Count: > 0 })
            ? null
            : $"enrichment: labels come from the operator only; without it records have none. {SignedAnswer.KeyVariable} is not set, so "
                + "no operator can send them to this agent.";

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
