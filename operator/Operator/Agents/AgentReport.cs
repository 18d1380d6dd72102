using ClusterTrail.Contract.Status;

namespace ClusterTrail.Operator.Agents;

/// <summary>What an agent said of itself when last asked, or why it could not be asked.</summary>
sealed record AgentReport(AgentStatus? Status, string? Error);
