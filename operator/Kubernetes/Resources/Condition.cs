namespace ClusterTrail.Kubernetes;

/// <param name="Status"><c>True</c>, <c>False</c> or <c>Unknown</c>.</param>
public sealed record Condition(
    string Type, string Status, string? Reason = null, string? Message = null, DateTimeOffset? LastTransitionTime = null, long? ObservedGeneration = null);
