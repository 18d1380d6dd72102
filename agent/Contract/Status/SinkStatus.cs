namespace ClusterTrail.Contract.Status;

/// <summary>What one sink has taken, and what went wrong with it.</summary>
public sealed record SinkStatus
{
    public required string Description { get; init; }

    /// <summary>Nothing before the first delivery.</summary>
    public LastDelivery? LastDelivery { get; init; }

    /// <summary>Nothing when the newest attempt succeeded.</summary>
    public LastError? LastError { get; init; }

    public required long DeliveredBatches { get; init; }

    /// <summary>How many records: selected events, and the records of findings.</summary>
    public required long DeliveredEvents { get; init; }
}
