using ClusterTrail.Archive.Digests;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Verification.Heads;

/// <summary>A chain's newest digest, as somebody else than the archive knows it.</summary>
/// <param name="Label">The chain's label.</param>
/// <param name="Origin">Who says so, for people.</param>
public sealed record KnownHead(ArchiveNode Node, string Label, ChainHead Head, string Origin)
{
    /// <summary>Whether it was the newest one only once, as that of an enrolment.</summary>
    public bool IsFormer { get; init; }

    /// <summary>
    /// When the oldest digest was sealed that waits for the sink, where the agent has sealed this one and the sink has not confirmed it;
    /// null: the archive must have it.
    /// </summary>
    public DateTimeOffset? WaitingSince { get; init; }

    /// <summary>When an operator wrote it outside of the archive; null: it is from elsewhere.</summary>
    public Anchoring? Anchored { get; init; }
}
