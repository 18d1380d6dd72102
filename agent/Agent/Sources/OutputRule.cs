using ClusterTrail.Contract;
using ClusterTrail.Rules.Selectors;

namespace ClusterTrail.Agent.Sources;

/// <summary>A rule of a source of containers, made ready.</summary>
sealed class OutputRule(ContainerRule rule)
{
    readonly Func<string, bool> isPod = Pattern(rule.Pods);
    readonly Func<string, bool> isContainer = Pattern(rule.Containers);

    public bool IsJson { get; } = rule.Format == OutputFormat.Json;

    /// <summary>Conditions on the record's <c>event</c>; all must hold.</summary>
    public IReadOnlyList<Condition> Fields { get; } = [.. rule.Fields.Select(Condition.Of)];

    public bool IsForPod(string @namespace, string pod, string uid) =>
        (rule.Namespaces.Contains("*") || rule.Namespaces.Contains(@namespace)) && isPod(pod)
        && (rule.PodUids is not { } uids || uids.Contains(uid));

    /// <summary>Whether the labels of the pod decide too.</summary>
    public bool NeedsLabels => rule.PodLabels is not null;

    public bool IsForLabels(IReadOnlyDictionary<string, string> labels) => rule.PodLabels?.Matches(labels) != false;

    public bool IsForContainer(string container) => isContainer(container);

    public bool IsForStream(bool isError) =>
        rule.Streams.Count == 0 || rule.Streams.Contains(isError ? ContainerStream.Stderr : ContainerStream.Stdout);

    // Names with * for any characters; none stands for all.
    static Func<string, bool> Pattern(IReadOnlyList<string> patterns) => name => patterns.Count == 0
        || patterns.Any(pattern => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));
}
