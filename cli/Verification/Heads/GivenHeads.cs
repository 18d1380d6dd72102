using ClusterTrail.Verification.Findings;

namespace ClusterTrail.Verification.Heads;

/// <summary>What is known of chains from elsewhere than the archive.</summary>
/// <param name="Findings">What was found where they are kept.</param>
/// <param name="Notes">Sentences for the reader of a report: what the heads do not show.</param>
public sealed record GivenHeads(
    IReadOnlyList<KnownHead> Heads, IReadOnlyList<ArchiveFinding> Findings, IReadOnlyList<string> Notes)
{
    public static GivenHeads None { get; } = new([], [], []);
}
