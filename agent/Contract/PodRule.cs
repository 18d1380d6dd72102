namespace ClusterTrail.Contract;

/// <summary>Containers of pods. All that is given must hold.</summary>
public record PodRule
{
    /// <summary>The namespaces of the pods; * is any.</summary>
    public required IReadOnlyList<string> Namespaces { get; init; }

    /// <summary>Names of pods, with * for any characters. Empty means all.</summary>
    public IReadOnlyList<string> Pods { get; init; } = [];

    /// <summary>The uids of pods, such as a label selector found; none by an empty list. By default all.</summary>
    public IReadOnlyList<string>? PodUids { get; init; }

    /// <summary>
    /// The labels of the pods, which the agent gets from the operator. While it does not know them yet, logs are held open and not read, and
    /// processes are recorded. By default any.
    /// </summary>
    public LabelSelector? PodLabels { get; init; }

    /// <summary>Names of containers, with * for any characters. Empty means all.</summary>
    public IReadOnlyList<string> Containers { get; init; } = [];
}
