using System.Globalization;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Verification;
using ClusterTrail.Verification.Chains;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Stores;
using ClusterTrail.Verification.Sums;

namespace ClusterTrail.Kubectl.Archives;

/// <summary>The words and numbers that all reports of a verification have.</summary>
static class ReportText
{
    internal const string NotYet = "-";

    /// <summary>One sentence: whether the archive is verified.</summary>
    internal static string Verdict(VerificationResult result, FindingKind? gravest) => gravest is { } kind
        ? $"NOT verified: the gravest finding is {kind} (exit code {kind.Code()}). {kind.Meaning()}"
        : result.Findings.DeclaredLosses is { Count: > 0 } losses
        ? $"Verified: the archive is as its digests say. They declare that events were not read or not kept ({string.Join(", ", losses)})."
        : "Verified: nothing was changed, removed or left out.";

    /// <summary>What the heads do not show.</summary>
    internal static IEnumerable<string> Notes(VerificationResult result) =>
        result.Options.Notes.Select(note => $"note: {Shared.Printable.Escape(note)}");

    /// <summary>Where the heads come from: an archive may have thousands of anchors.</summary>
    internal static string Origins(VerificationOptions options)
    {
        const int MostNamed = 10;
        var origins = options.Heads.Select(head => head.Origin).Distinct().ToList();
        var more = origins.Count > MostNamed ? $" and {Number(origins.Count - MostNamed)} more" : "";
        return $"{Number(options.Heads.Count)} of {string.Join(", ", origins.Take(MostNamed))}{more}";
    }

    internal static string Totals(VerificationResult result)
    {
        var chains = result.Chains;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{chains.SumSafely(chain => chain.Digests):N0} digests of {chains.Count:N0} chains on {result.Nodes.Count:N0} nodes name "
                + $"{chains.SumSafely(chain => chain.Objects):N0} objects with {chains.SumSafely(chain => chain.Records):N0} records and "
                + $"{chains.SumSafely(chain => chain.Bytes):N0} bytes.");
    }

    internal static string Scope(ArchiveScope scope)
    {
        string[] parts =
        [
            .. new[] { ("cluster", scope.Cluster), ("trail", scope.Trail), ("node", scope.Node) }
                .Where(part => part.Item2 is not null).Select(part => $"{part.Item1} {part.Item2}"),
        ];
        return parts.Length == 0 ? "the whole archive" : string.Join(", ", parts);
    }

    internal static string Period(ArchiveScope scope) => (scope.Since, scope.Until) switch
    {
        (null, null) => "all that there is",
        ({ } since, null) => $"from {Time(since)} on",
        (null, { } until) => $"until {Time(until)}",
        ({ } since, { } until) => $"from {Time(since)} until {Time(until)}",
    };

    internal static string Keys(IReadOnlyList<VerifyingKey> keys) =>
        keys.Count == 0 ? "none" : string.Join(", ", keys.Select(key => key.Id));

    internal static string Time(DateTimeOffset? time) => time is { } known ? SignedTime.Text(known) : NotYet;

    internal static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Such as <c>2 MissingObject, 1 DeclaredGap</c>.</summary>
    internal static string Counts(IReadOnlyList<(FindingKind Kind, long Count)> counts) =>
        counts.Count == 0 ? "none" : string.Join(", ", counts.Select(one => $"{Number(one.Count)} {one.Kind}"));

    /// <summary>Until when the operator compared what was read with what API servers made.</summary>
    internal static string Compared(CompletenessTotals completeness)
    {
        var until = completeness.ComparedUntil is { } known ? Time(known) : "never";
        return completeness.NotCompared is { } why ? $"{until} (not possible since {Time(completeness.NotComparedSince)}: {why})" : until;
    }

    /// <summary>How many events were made and not read, as the operator found.</summary>
    internal static string Missing(CompletenessTotals completeness)
    {
        var (least, most) = (completeness.Missing, completeness.MostMissing);
        if (completeness is { ComparedUntil: null, Missing: 0, Surplus: 0 })
            return NotYet;
        var number = least == most ? Number(least) : $"{Number(least)} to {Number(most)}";
        var surplus = completeness.Surplus == 0 ? "" : $", {Number(completeness.Surplus)} too many";
        return $"{number}{surplus}{(completeness.OfAll ? " (of all API servers)" : "")}";
    }

    /// <summary>The last digest of a chain, and what comes after it.</summary>
    internal static string Last(ChainSummary chain) =>
        $"{Time(chain.LastUntil)}{(chain.Stop is { } stop ? $" (stopped: {stop})" : chain.IsNewest ? "" : " (another chain followed)")}";
}
