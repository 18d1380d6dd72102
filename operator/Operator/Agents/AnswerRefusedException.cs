namespace ClusterTrail.Operator.Agents;

/// <summary>An agent's answer cannot be trusted.</summary>
sealed class AnswerRefusedException(string message) : Exception(message);
