namespace ClusterTrail.Contract.Status;

/// <summary>Whether an agent can join processes that enter containers with the API events that started them.</summary>
public sealed record JoinStatus
{
    /// <summary>Whether there is an operator that should hand over API events.</summary>
    public required bool IsExpected { get; init; }

    /// <summary>Whether the operator hands over all API events, so that a process without one can be told apart.</summary>
    public required bool IsLive { get; init; }

    /// <summary>Why not.</summary>
    public string? Reason { get; init; }

    /// <summary>When the operator last handed anything over.</summary>
    public DateTimeOffset? HandedOverAt { get; init; }

    /// <summary>How many processes that entered have the API event that started them.</summary>
    public required long Joined { get; init; }

    /// <summary>How many have several that could have started them.</summary>
    public required long Ambiguous { get; init; }

    /// <summary>How many the kubelet started, as their pod's specification says.</summary>
    public required long OfKubelet { get; init; }

    /// <summary>How many have none.</summary>
    public required long Unexplained { get; init; }

    /// <summary>How many nobody can say of.</summary>
    public required long NotEvaluable { get; init; }

    /// <summary>How many handovers were refused.</summary>
    public required long Refused { get; init; }
}
