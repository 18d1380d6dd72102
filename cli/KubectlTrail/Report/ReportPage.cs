using System.Globalization;
using ClusterTrail.Kubectl.Archives;
using ClusterTrail.Kubectl.Printing;
using ClusterTrail.Verification.Findings;

namespace ClusterTrail.Kubectl.Report;

/// <summary>A report as a page.</summary>
static class ReportPage
{
    static readonly StringComparer ByNumbers = StringComparer.Create(CultureInfo.InvariantCulture, CompareOptions.NumericOrdering);

    internal static string Of(ReportContent content)
    {
        var page = new HtmlPage($"Audit report of {content.Location}", "Audit report of a Kubernetes cluster");
        page.Append("<dl>\n").Definition("Archive", content.Location).Definition("Part", ReportText.Scope(content.Scope))
            .Definition("Period", Period(content))
            .Definition("Made", Time(content.Made)).Definition("Controls of", Frameworks.Title(content.For)).Append("</dl>\n");
        AppendVerdict(page, content);
        AppendProblems(page, content);
        AppendSummary(page, content);
        AppendIntegrity(page, content);
        foreach (var answer in content.Answers)
            AppendAnswer(page, content, answer);
        AppendFindings(page, content);
        AppendControls(page, content);
        AppendQueries(page, content);
        return page.End();
    }

    static void AppendVerdict(HtmlPage page, ReportContent content) => page.Verdict(
        content.IsVerified && content.Problems.Count == 0,
        content.Integrity is null
            ? "It was not verified that the archive is complete and unchanged: give --keys."
            : ReportText.Verdict(content.Integrity, content.Integrity.Gravest(strict: false)));

    // The statements that a reader looks for first, each with a link to its table.
    static void AppendSummary(HtmlPage page, ReportContent content)
    {
        page.Append("<h2>In short</h2>\n");
        page.Paragraph("All of this is what the records of the archive say. What the API server's audit policy or the Trail left out is in none of "
            + "them, and neither is who has rights now: an archive has what was done and changed.");
        page.Append("<ul>\n");
        foreach (var answer in content.Answers)
            AppendInShort(page, answer.Section.Id, answer.Section.Title, InShort(answer));
        AppendInShort(page, "grave-findings", "Grave findings", InShort(content.Findings));
        page.Append("</ul>\n");
    }

    static void AppendInShort(HtmlPage page, string id, string title, string text) =>
        page.Append($"<li><a href=\"#{id}\">{HtmlPage.Text(title)}</a>: {HtmlPage.Text(text)}</li>\n");

    static string InShort(SectionAnswer answer) => answer.Count switch
    {
        0 => answer.Section.None,
        1 => "1 row.",
        _ => $"{Number(answer.Count)} rows.",
    };

    static string InShort(ReportedFindings findings) => findings.Count == 0
        ? "There were none."
        : $"{Number(findings.Count)}; nobody has looked at {Number(findings.Open)} of them.";

    static void AppendProblems(HtmlPage page, ReportContent content)
    {
        if (content.Problems.Count == 0)
            return;
        page.Append("<h2>What could not be read</h2>\n<p>What is in these objects is missing from this report.</p>\n<ul>\n");
        foreach (var problem in content.Problems)
            page.Append($"<li>{HtmlPage.Text(problem)}</li>\n");
        page.Append("</ul>\n");
    }

    static void AppendIntegrity(HtmlPage page, ReportContent content)
    {
        page.Append("<h2 id=\"integrity\">Integrity and completeness</h2>\n");
        AppendEvidence(page, content.For, Frameworks.OfIntegrity[content.For], "q-integrity");
        if (content.Integrity is not { } result)
        {
            page.Paragraph("The archive was not verified. Without that, nobody knows whether records were changed, removed or left out.");
            return;
        }

        page.Paragraph(ReportText.Totals(result));
        page.Table(
            [
                "Cluster / Trail / node", "Digests", "Objects", "Lines read", "Recorded", "Cut", "Gaps", "Events missing", "Compared until",
                "From", "Verified until",
            ],
            result.Chains.Select(chain => (IEnumerable<string>)
            [
                HtmlPage.Text($"{chain.Node}"), ReportText.Number(chain.Digests), ReportText.Number(chain.Objects),
                ReportText.Number(chain.Read.Lines), ReportText.Number(chain.Records), ReportText.Number(chain.Read.Truncated),
                ReportText.Number(chain.Read.Gaps),
                HtmlPage.Text(ReportText.Missing(chain.Completeness)), HtmlPage.Text(ReportText.Compared(chain.Completeness)),
                HtmlPage.Text(ReportText.Time(chain.From)),
                HtmlPage.Text(ReportText.Time(chain.ProvenUntil)),
            ]));
        page.Paragraph("Lines read are all events that agents read of API servers, and what they read on nodes, whether a Trail records it "
            + "or not; a gap is a part that disappeared before it was read. Events missing is how many more API servers made, by their own "
            + "counts, as the operator found and the agents' digests have it; two numbers are bounds. Never: nobody compared, as of agents "
            + "that do not read of API servers.");
        if (result.Findings.Findings.Count > 0)
        {
            page.Append("<h3>What was found</h3>\n").Table(
                ["Finding", "Node", "What"],
                result.Findings.Findings.OrderByDescending(finding => finding.Kind).Select(finding => (IEnumerable<string>)
                [
                    HtmlPage.Text($"{finding.Kind}{(finding.Kind.Fails() ? "" : " (notice)")}"), HtmlPage.Text($"{finding.Node}"),
                    HtmlPage.Text(finding.Message),
                ]));
        }
    }

    static void AppendAnswer(HtmlPage page, ReportContent content, SectionAnswer answer)
    {
        page.Append($"<h2 id=\"{answer.Section.Id}\">{HtmlPage.Text(answer.Section.Title)}</h2>\n");
        AppendEvidence(page, content.For, answer.Section.Controls[content.For], $"q-{answer.Section.Id}");
        page.Paragraph(answer.Section.Meaning);
        if (answer.Count == 0)
        {
            page.Paragraph(answer.Section.None);
            return;
        }

        page.Table(answer.Columns, answer.Rows.Select(row => row.Select(cell => HtmlPage.Text(cell ?? ""))));
        if (answer.Count > answer.Rows.Count)
            page.Paragraph($"And {Number(answer.Count - answer.Rows.Count)} more rows, which the query has.");
    }

    static void AppendFindings(HtmlPage page, ReportContent content)
    {
        var findings = content.Findings;
        page.Append("<h2 id=\"grave-findings\">Grave findings</h2>\n");
        page.Append($"<p>{HtmlPage.Text(InShort(findings))} <a href=\"#q-grave-findings\">The query</a>.</p>\n");
        if (findings.Count == 0)
            return;
        page.Table(
            ["Time", "Severity", "Rule", "User", "What", "State", "Id"],
            findings.First.Select(finding => (IEnumerable<string>)
            [
                HtmlPage.Text(finding.Time ?? ""), HtmlPage.Text(finding.Severity), HtmlPage.Text(finding.Rule),
                HtmlPage.Text(finding.User ?? ""), HtmlPage.Text(finding.Object ?? ""),
                HtmlPage.Text(finding.By is null ? "open" : $"reviewed by {finding.By}. {finding.Note}"),
                $"<code>{HtmlPage.Text(finding.Id)}</code>",
            ]));
        if (findings.Count > findings.First.Count)
            page.Paragraph($"And {Number(findings.Count - findings.First.Count)} older ones, which the query has.");
    }

    static void AppendControls(HtmlPage page, ReportContent content)
    {
        var evidence = content.Answers.Select(answer => answer.Section)
            .SelectMany(section => section.Controls[content.For].Select(control => (control, section.Id, section.Title)))
            .Concat(Frameworks.OfIntegrity[content.For].Select(control => (control, "integrity", "Integrity and completeness")));
        page.Append($"<h2 id=\"controls\">Controls of {HtmlPage.Text(Frameworks.Title(content.For))}</h2>\n");
        page.Paragraph("Which parts of this report are evidence for which control. Whether a control is met is for an auditor to say.");
        page.Table(
            ["Control", "Evidence"],
            evidence.GroupBy(one => one.Item1).OrderBy(one => one.Key, ByNumbers)
                .Select(control => (IEnumerable<string>)
                [
                    HtmlPage.Text(control.Key),
                    string.Join(", ", control.Select(one => $"<a href=\"#{one.Item2}\">{HtmlPage.Text(one.Item3)}</a>")),
                ]));
    }

    static void AppendQueries(HtmlPage page, ReportContent content)
    {
        page.Append("<h2 id=\"queries\">How to repeat it</h2>\n");
        AppendQuery(page, "q-integrity", "Integrity and completeness", content.VerifyCommand);
        foreach (var answer in content.Answers)
            AppendQuery(page, $"q-{answer.Section.Id}", answer.Section.Title, content.Command(answer.Section.Sql));
        AppendQuery(page, "q-grave-findings", "Grave findings", content.Command(FindingState.Sql));
    }

    static void AppendQuery(HtmlPage page, string id, string title, string command) =>
        page.Append($"<h3 id=\"{id}\">{HtmlPage.Text(title)}</h3>\n<pre>{HtmlPage.Text(command)}</pre>\n");

    static void AppendEvidence(HtmlPage page, Framework framework, IReadOnlyList<string> controls, string query) =>
        page.Append($"<p>Evidence for {HtmlPage.Text($"{Frameworks.Title(framework)}: {string.Join(", ", controls)}")}. ")
            .Append($"<a href=\"#{query}\">The query</a>.</p>\n");

    static string Period(ReportContent content) => (content.Range.Since, content.Range.Until) switch
    {
        (null, null) => "all that the archive has",
        ({ } since, null) => $"since {Time(since)}",
        (null, { } until) => $"before {Time(until)}",
        ({ } since, { } until) => $"from {Time(since)} until before {Time(until)}",
    };

    static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    static string Number(long number) => ReportText.Number(number);
}
