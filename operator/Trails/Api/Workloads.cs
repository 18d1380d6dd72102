using ClusterTrail.Contract;
using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Trails.Api;

public enum WorkloadFormat
{
    Text,
    JSON,
}

/// <summary>What is recorded of workloads in any namespace: an entry of a Trail.</summary>
public sealed record TrailWorkload
{
    /// <summary>Names, with * for any characters.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    public LabelSelector? NamespaceSelector { get; init; }

    public WorkloadPods? Pods { get; init; }

    public IReadOnlyList<string> Containers { get; init; } = [];

    public WorkloadOutput? Output { get; init; }

    public bool Processes { get; init; }
}

/// <summary>The same in a TrailSelector, of its own namespace.</summary>
public sealed record SelectorWorkload
{
    public WorkloadPods? Pods { get; init; }

    public IReadOnlyList<string> Containers { get; init; } = [];

    public WorkloadOutput? Output { get; init; }

    public bool Processes { get; init; }
}

/// <summary>Which pods: all that is given must hold.</summary>
public sealed record WorkloadPods
{
    /// <summary>Names, with * for any characters. One must match.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    public IReadOnlyDictionary<string, string> MatchLabels { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<LabelRequirement> MatchExpressions { get; init; } = [];

    /// <summary>The selector; null if pods are not chosen by labels.</summary>
    internal LabelSelector? Labels => MatchLabels.Count == 0 && MatchExpressions.Count == 0
        ? null
        : new() { MatchLabels = MatchLabels, MatchExpressions = MatchExpressions };
}

/// <summary>Which lines are recorded of what containers write.</summary>
public sealed record WorkloadOutput
{
    public WorkloadFormat Format { get; init; } = WorkloadFormat.Text;

    public IReadOnlyList<ContainerStream> Streams { get; init; } = [];

    public IReadOnlyList<FieldCondition> Fields { get; init; } = [];

    /// <summary>The members of JSON objects that are kept.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];
}
