using ClusterTrail.Verification.Chains;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Verification;

/// <summary>What was verified, and what was found.</summary>
public sealed record VerificationResult
{
    public required string Location { get; init; }

    public required VerificationOptions Options { get; init; }

    /// <summary>All nodes that the archive knows of, in the scope.</summary>
    public required IReadOnlyList<ArchiveNode> Nodes { get; init; }

    /// <summary>By node, label and time.</summary>
    public required IReadOnlyList<ChainSummary> Chains { get; init; }

    public required FindingLog Findings { get; init; }

    /// <summary>How many key records count.</summary>
    public required long KeyRecords { get; init; }

    /// <summary>The gravest finding that makes the archive one that is not verified; null if there is none.</summary>
    /// <param name="strict">Whether notices do so too.</param>
    public FindingKind? Gravest(bool strict) => Findings.Counts
        .Where(one => strict || one.Kind.Fails())
        .OrderByDescending(one => one.Kind.Fails()).ThenByDescending(one => one.Kind)
        .Select(one => (FindingKind?)one.Kind).FirstOrDefault();
}
