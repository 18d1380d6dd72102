using ClusterTrail.Archive.Digests;
using ClusterTrail.Verification.Sums;

namespace ClusterTrail.Verification.Chains;

/// <summary>What the digests of a chain say that its agent read, and what it could not read or keep.</summary>
/// <param name="Lines">Read, recorded or not.</param>
/// <param name="Unparsable">Of them no events.</param>
/// <param name="Truncated">Records that do not have all of their event.</param>
/// <param name="Gaps">Parts of sources that disappeared before they were read.</param>
public sealed record ReadTotals(long Lines, long Unparsable, long Truncated, long Gaps)
{
    public static ReadTotals None { get; } = new(0, 0, 0, 0);

    public ReadTotals And(Digest digest) => new(
        Lines.AddSafely(digest.Sources.SumSafely(source => source.Events)),
        Unparsable.AddSafely(digest.Sources.SumSafely(source => source.Unparsable)),
        Truncated.AddSafely(digest.Sources.SumSafely(source => source.Truncated)),
        Gaps.AddSafely(digest.Sources.SumSafely(source => ((long)source.Gaps.Count).AddSafely(source.MoreGaps))));
}
