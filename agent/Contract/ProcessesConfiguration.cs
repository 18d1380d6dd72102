namespace ClusterTrail.Contract;

/// <summary>The programs that containers of the node execute, each with its arguments.</summary>
public sealed record ProcessesConfiguration
{
    /// <summary>A container that was quiet may do this many seconds' worth at once.</summary>
    public const int BurstSeconds = 10;

    /// <summary>The namespaces whose containers are recorded. By default all, and containers outside any pod.</summary>
    public IReadOnlyList<string>? Namespaces { get; init; }

    /// <summary>Which containers of these namespaces are recorded: those that any rule names. By default all.</summary>
    public IReadOnlyList<PodRule>? Rules { get; init; }

    /// <summary>
    /// A file with the namespaces, and rules, as <c>{"namespaces": […], "rules": […]}</c>, or <c>{}</c> for all: absolute, or relative to the configuration's
    /// folder. It may change at any time. By default none.
    /// </summary>
    public string? NamespacesFile { get; init; }

    /// <summary>Whether processes outside any container are recorded too. The default is false.</summary>
    public bool IncludeHost { get; init; }

    /// <summary>
    /// How many processes a second are recorded of one container; it may do 10 seconds' worth at once. More are
    /// counted. The default is 1000.
    /// </summary>
    public int EventsPerSecond { get; init; } = 1000;

    /// <summary>
    /// How many bytes the journal may take in the state directory. What does not fit and was not read yet is a gap. The default is 64 MiB.
    /// </summary>
    public long JournalMaxBytes { get; init; } = 64 << 20;

    /// <summary>
    /// Where the kubelet has a folder for each pod's logs; only the names of its folders are read. The default is <c>/var/log/pods</c>.
    /// </summary>
    public string PodLogsPath { get; init; } = "/var/log/pods";

    /// <summary>
    /// Where the kubelet has a link for each container's log; only names are read. The default is <c>/var/log/containers</c>.
    /// </summary>
    public string ContainerLogsPath { get; init; } = "/var/log/containers";
}

/// <summary>A file beside the configuration that names the namespaces whose processes are recorded.</summary>
public sealed record ProcessesFile
{
    /// <summary>By default all, and containers outside any pod.</summary>
    public IReadOnlyList<string>? Namespaces { get; init; }

    /// <summary>Which containers of these namespaces are recorded: those that any rule names. By default all.</summary>
    public IReadOnlyList<PodRule>? Rules { get; init; }
}
