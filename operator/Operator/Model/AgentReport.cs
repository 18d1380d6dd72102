using ClusterTrail.Contract.Status;

namespace ClusterTrail.Operator.Model;

/// <summary>What an agent answered at the last poll, or why it could not be polled.</summary>
/// <param name="At">When it answered; of an agent that does not answer, when it first did not.</param>
/// <param name="IsAnswer">Whether there was an answer, even if it was an error.</param>
/// <param name="IsRefused">Whether there was a report that cannot be trusted.</param>
sealed record AgentReport(AgentStatus? Status, string? Error, DateTimeOffset At, bool IsAnswer = false, bool IsRefused = false)
{
    /// <summary>Why the labels of pods could not be sent to it after this answer; null if they were, or it has them.</summary>
    public string? LabelsNotSent { get; init; }

    /// <summary>The reason that conditions give for a report that cannot be trusted.</summary>
    public const string Refused = "ReportRefused";
}
