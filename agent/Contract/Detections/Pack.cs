namespace ClusterTrail.Contract.Detections;

/// <summary>A set of rules that comes with the agent.</summary>
public sealed record Pack(string Name, RuleFile Content);
