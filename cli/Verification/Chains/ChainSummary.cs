using ClusterTrail.Archive.Digests;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Verification.Chains;

/// <summary>What was found of one chain.</summary>
public sealed record ChainSummary
{
    public required ArchiveNode Node { get; init; }

    public required string Label { get; init; }

    public required string ChainId { get; init; }

    public required ChainHead Head { get; init; }

    /// <summary>Whether a known key signed any of its digests.</summary>
    public required bool IsKnown { get; init; }

    /// <summary>Whether no chain of the same label began later.</summary>
    public required bool IsNewest { get; init; }

    public required long FirstSequence { get; init; }

    /// <summary>Where the period of the first digest that was verified begins; null if none was.</summary>
    public required DateTimeOffset? From { get; init; }

    /// <summary>
    /// When the operator met it at the earliest, as far as key records say; null: an earlier chain had the same key, and none says that.
    /// </summary>
    public DateTimeOffset? MetAt { get; init; }

    public required DateTimeOffset? Until { get; init; }

    /// <summary>Up to then, nothing failed.</summary>
    public required DateTimeOffset? VerifiedUntil { get; init; }

    /// <summary>Up to then digests of a known key prove what there is; null if none does.</summary>
    public DateTimeOffset? ProvenUntil => IsKnown && VerifiedUntil > From ? VerifiedUntil : null;

    public required bool HasFailed { get; init; }

    public required long Digests { get; init; }

    public required long Objects { get; init; }

    public required long Bytes { get; init; }

    public required long Records { get; init; }

    public required ReadTotals Read { get; init; }

    /// <summary>What the operator found of completeness, by the digests.</summary>
    public required CompletenessTotals Completeness { get; init; }

    /// <summary>When the newest digest was sealed.</summary>
    public required DateTimeOffset LastUntil { get; init; }

    public required DateTimeOffset? NextBy { get; init; }

    public required StopCause? Stop { get; init; }

    public required VerifyingKey Key { get; init; }
}
