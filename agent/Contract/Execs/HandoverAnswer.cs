namespace ClusterTrail.Contract.Execs;

/// <summary>What an agent that records processes answers to the operator.</summary>
public sealed record HandoverAnswer
{
    /// <summary>How many pods an agent may ask for at once.</summary>
    public const int MostPods = 32;

    public required string Trail { get; init; }

    public required string Node { get; init; }

    /// <summary>Made up at each start of the agent: it forgot what it was told before.</summary>
    public required string Instance { get; init; }

    /// <summary>That of the handover.</summary>
    public required long Sequence { get; init; }

    /// <summary>Whether a process waits to be explained.</summary>
    public bool IsWaiting { get; init; }

    /// <summary>The pods of which it needs to know what the kubelet executes in them.</summary>
    public IReadOnlyList<NamedPod> Pods { get; init; } = [];
}
