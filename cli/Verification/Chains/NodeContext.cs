using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Heads;
using ClusterTrail.Verification.Keys;
using ClusterTrail.Verification.Objects;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Verification.Chains;

/// <summary>What the chains of a node are checked with.</summary>
sealed class NodeContext
{
    public required ArchiveNode Node { get; init; }

    public required NodeKeys Keys { get; init; }

    public required FindingLog Findings { get; init; }

    public required IReadOnlyList<KnownHead> Heads { get; init; }

    /// <summary>Whether all digests are read, and not only those of a period.</summary>
    public required bool IsWhole { get; init; }

    /// <summary>Until when digests are looked at; null without an end, so that the newest one is the chain's head.</summary>
    public required DateTimeOffset? Until { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>Where the objects go that a digest names: to be compared, if the digest is in the period.</summary>
    public required Func<NamedBatch, bool, ValueTask> Name { get; init; }
}
