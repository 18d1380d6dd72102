using ClusterTrail.Kubectl.Archives;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Verification;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Sums;

namespace ClusterTrail.Kubectl.Verify;

/// <summary>What a person reads after a verification.</summary>
static class TextReport
{
    // Of a kind; -o json has more.
    const int MostShown = 20;

    internal static void Write(TextWriter output, VerificationResult result, FindingKind? gravest)
    {
        foreach (var line in Table(result))
            output.WriteLine(line);
        if (result.Chains.Count > 0)
            output.WriteLine();
        foreach (var (kind, count) in result.Findings.Counts)
            Write(output, kind, count, result.Findings.Findings);
        foreach (var note in ReportText.Notes(result))
            output.WriteLine(note);
        output.WriteLine(ReportText.Totals(result));
        output.WriteLine(ReportText.Verdict(result, gravest));
    }

    /// <summary>A row for each chain, and what was found on its node.</summary>
    internal static IReadOnlyList<string> Table(VerificationResult result) => result.Chains.Count == 0 ? [] : Columns.Align(
    [
        ["CLUSTER", "TRAIL", "NODE", "CHAIN", "DIGESTS", "OBJECTS", "LAST DIGEST", "VERIFIED UNTIL", "FINDINGS"],
        .. result.Chains.Select(chain => new[]
        {
            chain.Node.Cluster, chain.Node.Trail, chain.Node.Node, chain.Label,
            ReportText.Number(chain.Digests), ReportText.Number(chain.Objects),
            ReportText.Last(chain), ReportText.Time(chain.ProvenUntil),
            ReportText.Counts(result.Findings.CountsOf(chain.Node)),
        }),
    ]);

    static void Write(TextWriter output, FindingKind kind, long count, IReadOnlyList<ArchiveFinding> findings)
    {
        output.WriteLine($"{(kind.Fails() ? "" : "notice: ")}{kind} ({kind.Code()}), {ReportText.Number(count)}: {kind.Meaning()}");
        var ofKind = findings.Where(finding => finding.Kind == kind).ToList();
        foreach (var finding in ofKind.Take(MostShown))
        {
            var where = finding.Node is { } node ? $" [{Printable.Escape($"{node}")}]" : "";
            output.WriteLine($"  {Printable.Escape(finding.Subject)}{where}");
            output.WriteLine($"    {Printable.Escape(finding.Message)}");
        }

        var more = count - ofKind.Take(MostShown).SumSafely(finding => finding.Count);
        if (more > 0)
            output.WriteLine($"  and {ReportText.Number(more)} more; -o json or --report has them.");
        output.WriteLine();
    }
}
