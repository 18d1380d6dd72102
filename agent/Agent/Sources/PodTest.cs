using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Sources;

/// <summary>A rule for containers of pods, made ready.</summary>
class PodTest(PodRule rule)
{
    readonly Func<string, bool> isPod = Pattern(rule.Pods);
    readonly Func<string, bool> isContainer = Pattern(rule.Containers);

    /// <summary>Whether it is about all of its namespaces.</summary>
    public bool IsForAll => rule is { Pods.Count: 0, Containers.Count: 0, PodLabels: null, PodUids: null };

    public bool IsForNamespace(string @namespace) => rule.Namespaces.Contains("*") || rule.Namespaces.Contains(@namespace);

    public bool IsForPod(string @namespace, string pod, string uid) =>
        IsForNamespace(@namespace) && isPod(pod)
        && (rule.PodUids is not { } uids || uids.Contains(uid));

    /// <summary>Whether the labels of the pod decide too.</summary>
    public bool NeedsLabels => rule.PodLabels is not null;

    public bool IsForLabels(IReadOnlyDictionary<string, string> labels) => rule.PodLabels?.Matches(labels) != false;

    public bool IsForContainer(string container) => isContainer(container);

    // Names with * for any characters; none stands for all.
    static Func<string, bool> Pattern(IReadOnlyList<string> patterns) => name => patterns.Count == 0
        || patterns.Any(pattern => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));
}
