using ClusterTrail.Contract.Status;

namespace ClusterTrail.Operator.Model;

/// <summary>What an agent said of itself when last asked, or why it could not be asked.</summary>
/// <param name="At">When it answered; of an agent that does not answer, when it first did not.</param>
/// <param name="IsAnswer">Whether somebody answered, if only with an error.</param>
sealed record AgentReport(AgentStatus? Status, string? Error, DateTimeOffset At, bool IsAnswer = false);
