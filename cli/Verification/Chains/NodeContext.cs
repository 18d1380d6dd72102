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

    /// <summary>The period that is verified.</summary>
    public required ArchiveScope Scope { get; init; }

    /// <summary>Whether something in the period can be told only from the digests outside of it.</summary>
    public bool NeedsWhole { get; private set; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>Where the objects go that a digest names: to be compared, if the digest is in the period.</summary>
    public required Func<NamedBatch, bool, ValueTask> Name { get; init; }

    /// <summary>When something had to be there at the latest, if it belongs into the period.</summary>
    public DateTimeOffset Deadline => Scope.Until < Now ? Scope.Until.Value : Now;

    public void AskForWhole() => NeedsWhole = NeedsWhole || !IsWhole;
}
