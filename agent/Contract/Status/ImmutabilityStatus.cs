namespace ClusterTrail.Contract.Status;

/// <summary>Whether what the agent stores can be changed or deleted with its own credentials, as it last found by trying.</summary>
public sealed record ImmutabilityStatus
{
    /// <summary>When it was tried.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Nothing: it could not be found out.</summary>
    public bool? Immutable { get; init; }

    /// <summary>
    /// One word: Locked, LockedUnproven, NoPermission, ObjectLockDisabled, NotVersioned, Deletable, or the code of a failed request.
    /// </summary>
    public required string Reason { get; init; }

    /// <summary>What was found, and what to do.</summary>
    public required string Message { get; init; }

    /// <summary>The object that it was tried with.</summary>
    public required string Object { get; init; }
}
