using ClusterTrail.Kubectl.Archives;
using ClusterTrail.Kubectl.Printing;
using ClusterTrail.Verification;
using ClusterTrail.Verification.Chains;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Sums;

namespace ClusterTrail.Kubectl.Verify;

/// <summary>One page that an auditor can file: it needs nothing besides, and has no scripts.</summary>
static class HtmlReport
{
    internal static string Page(VerificationResult result, FindingKind? gravest, bool strict)
    {
        var page = new HtmlPage($"Verification of {result.Location}", "Verification of an audit archive");
        page.Verdict(gravest is null, ReportText.Verdict(result, gravest));
        AppendScope(page, result, strict);
        AppendKinds(page, result);
        AppendChains(page, result);
        AppendFindings(page, result);
        AppendRepeat(page, result);
        return page.End();
    }

    static void AppendScope(HtmlPage page, VerificationResult result, bool strict)
    {
        var (options, trusted) = (result.Options, result.Options.Trusted);
        page.Append("<h2>What was verified</h2>\n<dl>\n");
        Append(page, "Archive", result.Location);
        Append(page, "Scope", ReportText.Scope(options.Scope));
        Append(page, "Period", ReportText.Period(options.Scope));
        Append(page, "Verified at", ReportText.Time(options.Now));
        Append(page, "Operators' keys that were trusted", ReportText.Keys(trusted.Operators));
        Append(page, "Agents' keys that were trusted themselves", ReportText.Keys(trusted.Agents));
        Append(page, "Heads known from elsewhere", options.Heads.Count == 0
            ? "none: whether the newest history was cut off shows only by digests that are overdue"
            : ReportText.Origins(options));
        foreach (var note in options.Notes)
            Append(page, "Note", note);
        Append(page, "Key records that count", ReportText.Number(result.KeyRecords));
        Append(page, "Notices", strict ? "count as failures (--strict)" : "do not count as failures");
        Append(page, "In all", ReportText.Totals(result));
        page.Append("</dl>\n");
    }

    static void AppendKinds(HtmlPage page, VerificationResult result) => AppendTable(
        page, "Completeness", ["Finding", "Exit code", "How many", "Meaning"],
        Enum.GetValues<FindingKind>().OrderDescending().Select(kind => new[]
        {
            Text($"{kind}{(kind.Fails() ? "" : " (notice)")}"), $"{kind.Code()}",
            Text(ReportText.Number(result.Findings.Counts.Where(one => one.Kind == kind).SumSafely(one => one.Count))),
            Text(kind.Meaning()),
        }));

    static void AppendChains(HtmlPage page, VerificationResult result) => AppendTable(
        page, "Chains",
        [
            "Cluster / Trail / node", "Chain", "Digests", "Objects", "Bytes", "From", "Last digest", "Verified until", "Compared until",
            "Events missing", "Head",
        ],
        result.Chains.Select(Row));

    static string[] Row(ChainSummary chain) =>
    [
        Text($"{chain.Node}"), Text($"{chain.Label} {chain.ChainId}"),
        Text($"{ReportText.Number(chain.Digests)} ({chain.FirstSequence} to {chain.Head.Sequence})"),
        Text(ReportText.Number(chain.Objects)), Text(ReportText.Number(chain.Bytes)),
        Text(ReportText.Time(chain.From)), Text(ReportText.Last(chain)), Text(ReportText.Time(chain.ProvenUntil)),
        Text(ReportText.Compared(chain.Completeness)), Text(ReportText.Missing(chain.Completeness)),
        $"<code>{Text(chain.Head.Sha256)}</code>",
    ];

    static void AppendFindings(HtmlPage page, VerificationResult result)
    {
        var findings = result.Findings.Findings;
        AppendTable(
            page, "Findings", ["Finding", "Node", "What", "Message"], findings.OrderByDescending(finding => finding.Kind).Select(Row));
        var more = result.Findings.Counts.SumSafely(one => one.Count) - findings.SumSafely(finding => finding.Count);
        if (more > 0)
            page.Append($"<p>And {Text(ReportText.Number(more))} more: of each kind the first {FindingLog.MostOfAKind} are listed.</p>\n");
    }

    static string[] Row(ArchiveFinding finding) =>
    [
        Text($"{finding.Kind} ({finding.Kind.Code()})"),
        Text($"{finding.Node}{(finding.Chain is { } chain ? $", chain {chain}" : "")}"),
        $"<code>{Text(finding.Subject)}</code>", Text(finding.Message),
    ];

    static void AppendRepeat(HtmlPage page, VerificationResult result)
    {
        page.Append("<h2>How to repeat it without ClusterTrail</h2>\n");
        page.Append("<p>With a copy of the archive, for each object below <code>digests/</code>:</p>\n");
        page.Append(
            """
            <pre>head -n 1 "$DIGEST" | openssl dgst -sha256 -verify "$KEY" -signature &lt;(sed -n 2p "$DIGEST" | base64 -d)
            sha256sum "$DIGEST"          # begins with the hash in the name; the next digest has all of it in previous.sha256
            head -n 1 "$DIGEST" | jq -r '.objects[] | .sha256 + "  " + .name' | sha256sum --check
            jq -r .publicKey RECORD | base64 -d | openssl pkey -pubin -inform DER -out "$KEY"       # from the enrolment below keys/</pre>

            """);
        page.Append("<p>The last digest of each chain, to compare with, or to give to a later ");
        page.Append("<code>kubectl trail verify --heads</code>, is in the table of chains. ");
        page.Append("The format of digests is described in <code>docs/digest-format.md</code>.</p>\n");
        _ = result;
    }

    static void AppendTable(HtmlPage page, string title, string[] head, IEnumerable<string[]> rows) =>
        page.Append($"<h2>{title}</h2>\n").Table(head, rows);

    static void Append(HtmlPage page, string term, string text) => page.Definition(term, text);

    static string Text(string text) => HtmlPage.Text(text);
}
