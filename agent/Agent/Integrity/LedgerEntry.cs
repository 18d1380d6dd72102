using System.Text.Json.Serialization;
using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Agent.Integrity;

/// <summary>Something that a digest has yet to say.</summary>
sealed record LedgerEntry
{
    /// <summary>Its place in the ledger, from 1, for ever.</summary>
    public long Number { get; init; }

    /// <summary>The source; empty of a lost digest.</summary>
    public required string Source { get; init; }

    /// <summary>A batch that was sealed.</summary>
    public DigestObject? Sealed { get; init; }

    /// <summary>What was read.</summary>
    public PeriodCounts? Counts { get; init; }

    /// <summary>Batches that will not be delivered.</summary>
    public LostBatches? Lost { get; init; }

    public LostDigest? LostDigest { get; init; }

    /// <summary>The number of the batch that the source goes on with after a start; made anew at each one, and so not kept.</summary>
    [JsonIgnore]
    public long? GoesOnWith { get; init; }

    /// <summary>Whether it is worth a digest before its time.</summary>
    [JsonIgnore]
    public bool IsNews => Sealed is not null || Lost is not null || LostDigest is not null || Counts is { Gaps.Count: > 0 };
}
