namespace ClusterTrail.Contract.Status;

/// <summary>What of the containers of a node is followed.</summary>
public sealed record ContainersStatus
{
    /// <summary>How many pods are followed.</summary>
    public required int Pods { get; init; }

    /// <summary>How many pods are held open, and not read, because the agent does not know their labels yet.</summary>
    public required int Undecided { get; init; }

    /// <summary>How long the one of them that has waited longest has; older agents do not send it.</summary>
    public long? WaitingSeconds { get; init; }

    /// <summary>The SHA-256 of the active file of rules; nothing without one.</summary>
    public string? RulesHash { get; init; }

    /// <summary>The SHA-256 of the labels of pods as the operator sent them; nothing before it did.</summary>
    public string? LabelsHash { get; init; }
}
