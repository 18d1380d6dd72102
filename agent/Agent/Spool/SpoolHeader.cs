using ClusterTrail.Agent.Sources;

namespace ClusterTrail.Agent.Spool;

/// <summary>What is known of a spooled batch beside its bytes.</summary>
sealed record SpoolHeader
{
    /// <summary>The object's name in the archive.</summary>
    public required string Name { get; init; }

    public required string Source { get; init; }

    /// <summary>The batch's number among its source's.</summary>
    public required long Sequence { get; init; }

    public required int Events { get; init; }

    /// <summary>The records' bytes before compression.</summary>
    public required long RecordBytes { get; init; }

    public required DateTimeOffset FirstEvent { get; init; }

    public required DateTimeOffset LastEvent { get; init; }

    /// <summary>SHA-256 of the stored bytes, in hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>SHA-256 of the bytes before encryption, which is what opening the envelope gives.</summary>
    public required string PlainSha256 { get; init; }

    /// <summary>Where the first record's line starts, as file:offset.</summary>
    public required string FirstPosition { get; init; }

    /// <summary>Where the last record's line starts, as file:offset.</summary>
    public required string LastPosition { get; init; }

    public required DateTimeOffset SealedAt { get; init; }

    /// <summary>How many bytes are stored; null in version 1, where they are all that follows the header.</summary>
    public long? ContentBytes { get; init; }

    /// <summary>SHA-256 of the source's progress after the batch, in hexadecimal; null when none was written.</summary>
    public string? ProgressSha256 { get; init; }

    /// <summary>In version 1 the source's progress after the batch.</summary>
    public SourceProgress? End { get; init; }
}
