namespace ClusterTrail.Contract.Status;

/// <summary>The active detections, and their findings since the agent started.</summary>
public sealed record DetectionsStatus
{
    public required string Hash { get; init; }

    public required DateTimeOffset LoadedAt { get; init; }

    public required int Rules { get; init; }

    /// <summary>Why the newest detections file was rejected; nothing if it is the active one.</summary>
    public string? LastError { get; init; }

    /// <summary>The rules that fired.</summary>
    public required IReadOnlyList<FindingsStatus> Findings { get; init; }

    /// <summary>The rules that cannot fire with what arrives.</summary>
    public required IReadOnlyList<BlindRule> CannotFire { get; init; }
}

/// <summary>How often one rule fired since the agent started.</summary>
/// <param name="LastEventId">The eventID of the newest finding's record.</param>
public sealed record FindingsStatus(
    string Rule, string Severity, string Description, long Count, DateTimeOffset LastAt, string LastEventId);

/// <summary>A rule that has seen only events that it cannot judge.</summary>
/// <param name="Needs">What is missing, such as <c>level Request</c>, for people.</param>
/// <param name="Events">How many it could not judge.</param>
public sealed record BlindRule(string Rule, string Needs, long Events);
