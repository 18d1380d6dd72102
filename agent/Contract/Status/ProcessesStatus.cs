namespace ClusterTrail.Contract.Status;

/// <summary>How an agent sees the processes of its node.</summary>
public sealed record ProcessesStatus
{
    public required ProcessMethod Method { get; init; }

    /// <summary>What is missing for a better method, and how to get it; nothing with KernelProgram.</summary>
    public string? Reason { get; init; }

    /// <summary>How many programs were recorded since the agent started.</summary>
    public required long RecordedEvents { get; init; }

    /// <summary>How many the kernel could not hand over in time; the archive says when.</summary>
    public required long LostEvents { get; init; }

    /// <summary>How many were more than their container may start; the archive says of which.</summary>
    public required long RateLimitedEvents { get; init; }

    /// <summary>How many were of containers that no pod is known of, while only some namespaces are recorded.</summary>
    public required long UnattributedEvents { get; init; }

    /// <summary>How many containers were seen lately.</summary>
    public required int Containers { get; init; }

    /// <summary>How processes that enter containers are joined with API events.</summary>
    public JoinStatus? Join { get; init; }
}
