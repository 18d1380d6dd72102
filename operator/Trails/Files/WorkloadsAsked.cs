using ClusterTrail.Contract;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Trails.Files;

/// <summary>What a Trail or a TrailSelector asks for of workloads, with the namespaces by name.</summary>
/// <param name="Output">Rules for what containers write.</param>
/// <param name="Processes">The namespaces whose processes are recorded; null is all, and containers outside any pod.</param>
/// <param name="ProcessRules">Of which of their containers.</param>
public sealed record WorkloadsAsked(
    IReadOnlyList<ContainerRule> Output, IReadOnlyList<string>? Processes, IReadOnlyList<PodRule> ProcessRules)
{
    const string Any = "*";

    /// <summary>What a TrailSelector asks for: of its own namespace, whatever it says.</summary>
    public static WorkloadsAsked Of(TrailSelector selector)
    {
        string[] own = [selector.Metadata.NamespaceProperty];
        return new(
            [
                .. from workload in selector.Spec.Workloads
                   where workload.Output is not null
                   select Rule(own, workload.Pods, workload.Containers, workload.Output!),
            ],
            selector.Spec.Workloads.Any(workload => workload.Processes) ? own : [],
            [
                .. from workload in selector.Spec.Workloads
                   where workload.Processes
                   select ProcessRule(own, workload.Pods, workload.Containers),
            ]);
    }

    /// <summary>What a Trail itself asks for.</summary>
    /// <param name="trail">The Trail.</param>
    /// <param name="namespaces">The namespaces of the cluster, with their labels.</param>
    public static WorkloadsAsked Of(TrailSpec trail, IReadOnlyList<NamespaceLabels> namespaces)
    {
        var asked = trail.Workloads.Select(workload => (Workload: workload, Namespaces: Names(workload, namespaces))).ToList();
        var processes = asked.Where(one => one.Workload.Processes).SelectMany(one => one.Namespaces).Distinct()
            .Order(StringComparer.Ordinal).ToList();
        return new(
            [
                .. from one in asked
                   where one.Workload.Output is not null && one.Namespaces.Count > 0
                   select Rule(one.Namespaces, one.Workload.Pods, one.Workload.Containers, one.Workload.Output!),
            ],
            processes.Contains(Any) ? null : processes,
            [
                .. from one in asked
                   where one.Workload.Processes && one.Namespaces.Count > 0
                   select ProcessRule(one.Namespaces, one.Workload.Pods, one.Workload.Containers),
            ]);
    }

    /// <summary>The labels of pods that decide.</summary>
    public IReadOnlyList<string> LabelKeys =>
    [
        .. Output.Concat(ProcessRules).Select(rule => rule.PodLabels).OfType<LabelSelector>()
            .SelectMany(labels => labels.MatchLabels.Keys.Concat(labels.MatchExpressions.Select(requirement => requirement.Key)))
            .Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>Whether a pattern or a label selector is to be looked up in the namespaces that there are.</summary>
    public static bool DependsOnNamespaces(TrailSpec trail) => trail.Workloads.Any(workload =>
        workload.NamespaceSelector is not null
            || workload.Namespaces.Any(name => name != Any && name.Contains('*', StringComparison.Ordinal)));

    // An exact name holds for a namespace that is yet to come; a pattern is looked up in those that there are.
    static IReadOnlyList<string> Names(TrailWorkload workload, IReadOnlyList<NamespaceLabels> namespaces)
    {
        if (workload.Namespaces.Contains(Any))
            return [Any];
        var patterns = workload.Namespaces.Where(name => name.Contains('*', StringComparison.Ordinal)).ToList();
        var found = namespaces.Where(one =>
            patterns.Any(pattern => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, one.Name, ignoreCase: false))
                || workload.NamespaceSelector?.Matches(one.Labels) == true);
        return [.. workload.Namespaces.Except(patterns).Union(found.Select(one => one.Name)).Order(StringComparer.Ordinal)];
    }

    static PodRule ProcessRule(IReadOnlyList<string> namespaces, WorkloadPods? pods, IReadOnlyList<string> containers) => new()
    {
        Namespaces = namespaces,
        Pods = pods?.Names ?? [],
        PodLabels = pods?.Labels,
        Containers = containers,
    };

    static ContainerRule Rule(
        IReadOnlyList<string> namespaces, WorkloadPods? pods, IReadOnlyList<string> containers, WorkloadOutput output) =>
        new()
        {
            Namespaces = namespaces,
            Pods = pods?.Names ?? [],
            PodLabels = pods?.Labels,
            Containers = containers,
            Streams = output.Streams,
            Format = output.Format == WorkloadFormat.JSON ? OutputFormat.Json : OutputFormat.Text,
            Fields = output.Fields,
            Only = output.Only,
        };
}

/// <summary>A namespace, and the labels that decide whether it is meant.</summary>
public readonly record struct NamespaceLabels(string Name, IReadOnlyDictionary<string, string> Labels);
