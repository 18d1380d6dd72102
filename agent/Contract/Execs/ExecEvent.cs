namespace ClusterTrail.Contract.Execs;

/// <summary>A request to execute a command in a container, which the API server let through.</summary>
public sealed record ExecEvent
{
    /// <summary>The largest command, in bytes: as much as an agent records of a process's arguments.</summary>
    public const int LargestCommand = 8192;

    /// <summary>The longest of its other texts, in characters: longer than any Kubernetes name.</summary>
    public const int LongestText = 1024;

    /// <summary>How far its time may be ahead of the clock of who takes it.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    /// <summary>Its place in the list of the agent that saw it.</summary>
    public long Number { get; init; }

    /// <summary>The <c>eventID</c> of its record.</summary>
    public required string EventID { get; init; }

    public required string AuditID { get; init; }

    public required ExecIdentity UserIdentity { get; init; }

    public required string Namespace { get; init; }

    public required string Pod { get; init; }

    /// <summary>The pod's uid, once somebody looked it up.</summary>
    public string? PodUID { get; init; }

    /// <summary>Empty when the request left it to the API server.</summary>
    public string Container { get; init; } = "";

    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Whether the command is longer than what is here.</summary>
    public bool IsCommandCut { get; init; }

    /// <summary>When the API server received the request.</summary>
    public required DateTimeOffset Time { get; init; }
}
