namespace ClusterTrail.Contract.Status;

/// <summary>The selectors in force.</summary>
public sealed record SelectorsStatus
{
    public required string Hash { get; init; }

    public required DateTimeOffset LoadedAt { get; init; }

    public required int RuleSets { get; init; }

    /// <summary>Why the newest selectors file was refused; nothing when it is the one in force.</summary>
    public string? LastError { get; init; }
}
