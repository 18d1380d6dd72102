namespace ClusterTrail.Trails;

/// <summary>When to wake whom.</summary>
/// <param name="Expression">In PromQL.</param>
/// <param name="For">How long it must hold; null for not at all.</param>
sealed record AgentAlert(string Name, string Expression, string? For, string Severity, string Summary, string Description);
