namespace ClusterTrail.Contract.Status;

/// <summary>What waits on local disk for the sink.</summary>
public sealed record SpoolStatus
{
    public required long Bytes { get; init; }

    public required long LimitBytes { get; init; }

    public required int Batches { get; init; }

    public required double OldestAgeSeconds { get; init; }
}
