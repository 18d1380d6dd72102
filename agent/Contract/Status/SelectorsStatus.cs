namespace ClusterTrail.Contract.Status;

/// <summary>The active selectors.</summary>
public sealed record SelectorsStatus
{
    public required string Hash { get; init; }

    public required DateTimeOffset LoadedAt { get; init; }

    public required int RuleSets { get; init; }

    /// <summary>Why the newest selectors file was rejected; nothing if it is the active one.</summary>
    public string? LastError { get; init; }

    /// <summary>What the API server's audit policy leaves out; nothing without a source that it decides about. Older agents do not send
    /// it.</summary>
    public PolicyStatus? Policy { get; init; }
}
