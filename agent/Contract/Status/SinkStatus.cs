namespace ClusterTrail.Contract.Status;

/// <summary>What one sink has taken, and what went wrong with it.</summary>
public sealed record SinkStatus
{
    public required string Description { get; init; }

    /// <summary>Nothing before the first delivery.</summary>
    public LastDelivery? LastDelivery { get; init; }

    /// <summary>Nothing when the newest attempt succeeded.</summary>
    public LastError? LastError { get; init; }

    /// <summary>How many batches it refuses while it takes others. They wait and are tried again; older agents do not send it.</summary>
    public int? AsideBatches { get; init; }

    /// <summary>The one that has been set aside longest; nothing when there is none.</summary>
    public AsideBatch? FirstAside { get; init; }

    /// <summary>Why the newest file of certificate authorities was rejected; nothing if it is the active one.</summary>
    public string? TrustError { get; init; }

    public required long DeliveredBatches { get; init; }

    /// <summary>How many records: selected events, and the records of findings.</summary>
    public required long DeliveredEvents { get; init; }
}
