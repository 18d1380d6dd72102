using System.Text.Json.Serialization;

namespace ClusterTrail.Kubernetes;

/// <summary>Where the scheduler may place a pod, as far as DaemonSet controllers say it.</summary>
public sealed record PodAffinity(NodeAffinity? NodeAffinity = null);

public sealed record NodeAffinity(NodeSelector? RequiredDuringSchedulingIgnoredDuringExecution = null);

public sealed record NodeSelector(IReadOnlyList<NodeSelectorTerm>? NodeSelectorTerms = null)
{
    /// <summary>The only node that it allows; nothing if it may allow several.</summary>
    [JsonIgnore]
    public string? Node => NodeSelectorTerms is [{ MatchFields: { } fields }, ..]
        ? fields.FirstOrDefault(known => known is { Key: "metadata.name", Operator: "In", Values: [_] })?.Values?[0]
        : null;
}

public sealed record NodeSelectorTerm(IReadOnlyList<NodeSelectorRequirement>? MatchFields = null);

public sealed record NodeSelectorRequirement(string? Key = null, string? Operator = null, IReadOnlyList<string>? Values = null);
