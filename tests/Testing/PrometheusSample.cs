namespace ClusterTrail.Testing;

/// <summary>One element of an instant vector.</summary>
public sealed record PrometheusSample(IReadOnlyDictionary<string, string> Labels, double Value);
