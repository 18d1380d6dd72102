using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Verification.Findings;

/// <summary>Something that an auditor should know of.</summary>
/// <param name="Node">Null: it is about the whole archive.</param>
/// <param name="Chain">The label of the chain; null if it is about none.</param>
/// <param name="Subject">The object's name, or what else it is about.</param>
/// <param name="Message">A sentence.</param>
public sealed record ArchiveFinding(FindingKind Kind, ArchiveNode? Node, string? Chain, string Subject, string Message)
{
    /// <summary>Of how many digests, objects or numbers it is.</summary>
    public long Count { get; init; } = 1;
}
