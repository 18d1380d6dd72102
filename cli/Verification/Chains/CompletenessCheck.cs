using System.Globalization;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Sums;

namespace ClusterTrail.Verification.Chains;

/// <summary>Follows what digests say that the operator found of completeness: one difference for all digests that tell it.</summary>
sealed class CompletenessCheck
{
    // The operator tells a difference for a day, with those that it finds meanwhile.
    static readonly TimeSpan Told = TimeSpan.FromDays(1);

    // The newest word on the difference that is told now, and the newest word of all.
    (DigestCounts Counts, bool OfAll)? open;
    DigestCompleteness? last;
    DateTimeOffset? comparedUntil;
    (long Missing, long MostMissing, long Surplus) over;

    public CompletenessTotals Totals
    {
        get
        {
            var now = open?.Counts ?? last?.Counts;
            return new(
                comparedUntil, over.Missing.AddSafely(now?.Missing ?? 0), over.MostMissing.AddSafely(now?.MostMissing ?? 0),
                over.Surplus.AddSafely(now?.SurplusAtLeast ?? 0), last?.OfAll == true, last?.NotCompared?.Reason, last?.NotCompared?.Since);
        }
    }

    /// <returns>What is over with it.</returns>
    public IReadOnlyList<DeclaredDifference> Add(Digest digest)
    {
        if (digest.Completeness is not { } said)
            return [];
        last = said;
        // Nobody can have compared later than the digest was sealed: clocks differ.
        if (said.At is { } at && !(comparedUntil >= at))
            comparedUntil = at < digest.Until ? at : digest.Until;
        if (said.Counts is not { } counts || (open is { } same && same.Counts.FoundAt == counts.FoundAt && same.OfAll == said.OfAll))
        {
            open = said.Counts is { FoundAt: not null } more ? (more, said.OfAll) : open;
            return [];
        }

        var ended = Close(said, counts);
        open = counts.FoundAt is null ? null : (counts, said.OfAll);
        return ended;
    }

    /// <summary>What the newest digest tells.</summary>
    public IReadOnlyList<DeclaredDifference> End() => open is var (counts, ofAll) ? Differences(counts, ofAll, isTakenBack: false) : [];

    List<DeclaredDifference> Close(DigestCompleteness said, DigestCounts next)
    {
        if (open is not var (counts, ofAll))
            return [];
        var end = counts.FoundAt!.Value.AddSafely(Told);
        var isTakenBack = next.FoundAt is null && said.OfAll == ofAll && said.At < end;
        // What is found while another difference is told has that one in it.
        var isContained = said.OfAll == ofAll && next.FoundAt is { } found && found < end;
        if (!isTakenBack && !isContained)
            over = (
                over.Missing.AddSafely(counts.Missing), over.MostMissing.AddSafely(counts.MostMissing),
                over.Surplus.AddSafely(counts.SurplusAtLeast));
        return Differences(counts, ofAll, isTakenBack);
    }

    static List<DeclaredDifference> Differences(DigestCounts counts, bool ofAll, bool isTakenBack)
    {
        var (whose, found) = (ofAll ? "all API servers together" : "the API server of the node", SignedTime.Text(counts.FoundAt!.Value));
        var after = $", found {found}: {counts.Reason}.{(isTakenBack ? " A later digest takes it back." : "")}";
        var differences = new List<DeclaredDifference>();
        if (counts.Missing > 0)
        {
            var least = Number(counts.Missing);
            var number = counts.Missing == counts.MostMissing ? least : $"{least} to {Number(counts.MostMissing)}";
            differences.Add(new(
                FindingKind.DeclaredMissing, $"events not read, found {found}",
                $"The operator found that {number} events that {whose} made were not read{after}"));
        }

        if (counts.SurplusAtLeast > 0)
            differences.Add(new(
                FindingKind.DeclaredSurplus, $"events that nobody made, found {found}",
                $"The operator found that at least {Number(counts.SurplusAtLeast)} more events were read than {whose} made{after}"));
        return differences;
    }

    static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}

/// <summary>A difference between what was made and what was read, that digests tell.</summary>
/// <param name="Subject">The same in all digests that tell it.</param>
sealed record DeclaredDifference(FindingKind Kind, string Subject, string Message);
