namespace ClusterTrail.Trails.Api;

/// <summary>What the agents' rules found, and whether they are the newest.</summary>
public sealed record DetectionsSyncStatus
{
    public int? Rules { get; init; }

    public long? Findings { get; init; }

    public FindingsBySeverity? BySeverity { get; init; }

    public DateTimeOffset? LastFindingTime { get; init; }

    public string? LastFindingRule { get; init; }

    public IReadOnlyList<string>? CannotFire { get; init; }

    public string? Hash { get; init; }

    public int Synced { get; init; }
}

/// <summary>How many findings there are; a severity without any is left out.</summary>
public sealed record FindingsBySeverity
{
    public long? Critical { get; init; }

    public long? High { get; init; }

    public long? Medium { get; init; }

    public long? Low { get; init; }

    public long? Info { get; init; }
}
