using ClusterTrail.Verification;
using ClusterTrail.Verification.Chains;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Stores;
using ClusterTrail.WebConsole.Html;
using ClusterTrail.WebConsole.Sources;

namespace ClusterTrail.WebConsole.Pages;

/// <summary>What the digests prove: chains, until when each is verified, and what was found.</summary>
sealed class IntegrityPage(ConsoleArchive archive) : IPage
{
    const int MostFindings = 500;

    public string Path => "/integrity";

    public string? Section => Path;

    public IReadOnlyCollection<string> Parameters => [];

    public Task<Page> ShowAsync(IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken) =>
        Task.FromResult(new Page("Integrity", Body(archive.Integrity)));

    static Markup Body(IntegrityCheck check) => check switch
    {
        { IsAsked: false } => Markup.Of(
        [
            Tags.Paragraph("Not verified: give --keys.").Class("verdict"),
            Tags.Paragraph(
                "Start the console with ", Tags.Code("--keys operator.pub.pem"),
                ", the public key of the operator (kubectl trail keys export). It then verifies the digests of this time while you look "
                    + "at the records."),
        ]),
        { Result: { } result } => Of(result),
        { Failure: { } why } => Tags.Paragraph($"Not verified: {why}").Class("verdict bad"),
        _ => Running(check),
    };

    static Markup Running(IntegrityCheck check)
    {
        var (done, found) = check.Progress;
        return Markup.Of(
        [
            Tags.Paragraph($"The verification is running: {Tags.Number(done)} of {Tags.Number(found)} digests and objects so far.")
                .Class("verdict"),
            Tags.Paragraph(Tags.Link("/integrity", "Refresh")),
        ]);
    }

    static Markup Of(VerificationResult result)
    {
        var gravest = result.Gravest(strict: false);
        return Markup.Of(
        [
            gravest is { } kind
                ? Tags.Paragraph($"Not verified: the gravest finding is {kind}. {kind.Meaning()}").Class("verdict bad")
                : Tags.Paragraph(Verified(result)).Class("verdict good"),
            Tags.Paragraph(
                $"{Tags.Counted(result.Chains.Count, "chain")} on {Tags.Counted(result.Nodes.Count, "node")}; "
                    + $"what was verified: {Scope(result.Options.Scope)}."),
            Tags.Heading("Chains"),
            result.Chains.Count == 0 ? Tags.Paragraph("There is no chain of digests.") : Chains(result.Chains),
            Tags.Heading("Findings of the verification"),
            Findings(result.Findings),
        ]);
    }

    static string Verified(VerificationResult result) =>
        result.Findings.DeclaredLosses is { Count: > 0 } losses
            ? "Verified: this time is as its digests say. They declare that events were not read or not kept "
                + $"({string.Join(", ", losses)})."
            : "Verified: nothing of this time was changed, removed or left out.";

    static string Scope(ArchiveScope scope) => (scope.Since?.UtcDateTime, scope.Until?.UtcDateTime) switch
    {
        ({ } since, { } until) => $"digests sealed from {TimeFormat.Short(since)} to {TimeFormat.Short(until)}",
        ({ } since, null) => $"digests sealed from {TimeFormat.Short(since)} on",
        (null, { } until) => $"digests sealed until {TimeFormat.Short(until)}",
        _ => "all digests",
    };

    static Element Chains(IReadOnlyList<ChainSummary> chains) => DataTable.Of(
        "Chains of digests", ["Node", "Chain", "Verified until", "Last digest", "Digests", "Objects", "Records", "State"],
        chains.Select(chain => (IReadOnlyList<Markup>)
        [
            $"{chain.Node}", chain.Label, Time(chain.ProvenUntil), Time(chain.LastUntil), Tags.Count(chain.Digests),
            Tags.Count(chain.Objects), Tags.Count(chain.Records), State(chain),
        ]));

    static Element State(ChainSummary chain) => chain switch
    {
        { HasFailed: true } => new Element("span", "failed").Class("badge high"),
        { IsKnown: false } => new Element("span", "unknown key").Class("badge high"),
        { Stop: { } stop } => new Element("span", $"stopped: {stop}").Class("badge"),
        _ => new Element("span", "verified").Class("badge good"),
    };

    static Markup Findings(FindingLog log)
    {
        var findings = log.Findings;
        var all = log.Counts.Sum(one => one.Count);
        return findings.Count == 0 ? Tags.Paragraph("Nothing was found.") : Markup.Of(
        [
            Tags.Paragraph($"{string.Join(", ", log.Counts.Select(one => $"{Tags.Number(one.Count)} {one.Kind}"))}."),
            all > MostFindings || all > findings.Count
                ? Tags.Paragraph(
                    $"The gravest {Tags.Number(Math.Min(MostFindings, findings.Count))} are shown; kubectl trail verify lists more.")
                : Markup.Empty,
            DataTable.Of(
                "Findings, the gravest first", ["Finding", "Node", "About", "What is wrong"],
                findings.OrderByDescending(one => one.Kind.Fails()).ThenByDescending(one => one.Kind).Take(MostFindings).Select(Cells)),
        ]);
    }

    static IReadOnlyList<Markup> Cells(ArchiveFinding finding) =>
    [
        new Element("span", $"{finding.Kind}").Class(finding.Kind.Fails() ? "badge high" : "badge"), $"{finding.Node}", finding.Subject,
        finding.Message,
    ];

    static Markup Time(DateTimeOffset? time) => time is { } known ? Tags.Time(known.UtcDateTime) : "never";
}
