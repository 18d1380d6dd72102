using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Contract;

public enum ContainerStream
{
    Stdout,
    Stderr,
}

public enum OutputFormat
{
    Text,

    /// <summary>A line that is a JSON object is recorded as one, any other as text.</summary>
    Json,
}

/// <summary>What containers of the node write to stdout and stderr, as the kubelet keeps it.</summary>
public sealed record ContainersConfiguration
{
    /// <summary>The kubelet's folder of pods' logs. The default is <c>/var/log/pods</c>.</summary>
    public string Path { get; init; } = "/var/log/pods";

    /// <summary>
    /// The folder of Docker's containers, such as <c>/var/lib/docker/containers</c>: a pod's log that is a link to a container's log there is
    /// read. By default no link is followed.
    /// </summary>
    public string? DockerPath { get; init; }

    /// <summary>Which output is recorded: what any rule asks for. A pod that no rule names is not opened.</summary>
    public IReadOnlyList<ContainerRule> Rules { get; init; } = [];

    /// <summary>
    /// A file with more rules, as <c>{"rules": […]}</c>: absolute, or relative to the configuration's folder. It may change at any time. By
    /// default none.
    /// </summary>
    public string? RulesFile { get; init; }

    /// <summary>How often, in milliseconds, folders and files are looked at. The default is 500.</summary>
    public int PollIntervalMilliseconds { get; init; } = 500;

    /// <summary>The largest line kept whole, in bytes; of a longer one the beginning is. The default is 256 KiB.</summary>
    public int MaxLineBytes { get; init; } = 256 << 10;

    /// <summary>How many logs are held open while nothing is to be read of them. The default is 4000.</summary>
    public int MaxOpenFiles { get; init; } = 4000;

    /// <summary>
    /// How many bytes of the disk deleted logs may take that are held open because they are not read to their end. Beyond it, those that
    /// were deleted first are closed: a gap. The default is 1 GiB.
    /// </summary>
    public long MaxHeldBytes { get; init; } = 1 << 30;

    /// <summary>
    /// How much memory, in bytes, lines in pieces without their end may take together. Beyond it, of those that began first the beginning
    /// is kept. The default is 16 MiB.
    /// </summary>
    public int MaxPartialBytes { get; init; } = 16 << 20;
}

/// <summary>A file of rules beside the configuration.</summary>
public sealed record ContainerRulesFile
{
    public required IReadOnlyList<ContainerRule> Rules { get; init; }
}

/// <summary>Output that is recorded. All that is given must hold.</summary>
public sealed record ContainerRule : PodRule
{
    /// <summary>Empty means both.</summary>
    public IReadOnlyList<ContainerStream> Streams { get; init; } = [];

    /// <summary>The default is Text.</summary>
    public OutputFormat Format { get; init; } = OutputFormat.Text;

    /// <summary>Conditions on the record's event, such as on <c>message.level</c>; all must hold.</summary>
    public IReadOnlyList<FieldCondition> Fields { get; init; } = [];

    /// <summary>
    /// The members of a JSON object that are kept; the record names those that were left out. Of a line that is no object, nothing is kept.
    /// Needs format Json. Empty keeps all.
    /// </summary>
    public IReadOnlyList<string> Only { get; init; } = [];
}
