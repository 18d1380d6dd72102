namespace ClusterTrail.Contract.Status;

/// <summary>The configuration file as last read.</summary>
public sealed record ConfigurationStatus
{
    public required string Hash { get; init; }

    public required DateTimeOffset LoadedAt { get; init; }

    /// <summary>Whether sources are to be read.</summary>
    public required bool Logging { get; init; }

    /// <summary>The fields that differ from those at the start, and take effect at the next one; nothing when none does.</summary>
    public IReadOnlyList<string>? AtNextStart { get; init; }

    /// <summary>Why the newest file was refused; nothing when it was accepted.</summary>
    public string? LastError { get; init; }
}
