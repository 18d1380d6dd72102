using ClusterTrail.History.Reading;
using ClusterTrail.Verification;
using ClusterTrail.Verification.Findings;
using ClusterTrail.WebConsole.Html;
using ClusterTrail.WebConsole.Queries;
using ClusterTrail.WebConsole.Sources;

namespace ClusterTrail.WebConsole.Pages;

/// <summary>What proves a record: the object that it is from, and what the digests say of that.</summary>
sealed class RecordIntegrity(ConsoleArchive archive)
{
    const int MostObjects = 8;

    internal Markup Show(EventRow row)
    {
        var objects = Objects(row);
        return Markup.Of([Origin(objects), Verdict(row, objects), HowTo(row)]);
    }

    IReadOnlyList<ArchiveObject> Objects(EventRow row) =>
        row is { Time: { } time, Cluster.Whole: { } cluster, Trail.Whole: { } trail, Node.Whole: { } node }
            ? archive.Objects.Find(cluster, trail, node, time) : [];

    Markup Origin(IReadOnlyList<ArchiveObject> objects) => objects.Count == 0
        ? Tags.Paragraph(archive.Objects.IsEmpty
            ? "This location has no objects of agents, so it proves nothing itself: verify the archive that it comes from."
            : "No object of the archive says by its name that it has this time, cluster, Trail and node.")
        : Markup.Of(
        [
            Tags.Paragraph($"By its time and node, the record is from {(objects.Count == 1 ? "this object" : "one of these objects")}:"),
            new Element("ul", [.. objects.Take(MostObjects).Select(one => (Markup)new Element("li", Tags.Code(one.Key)))]),
            objects.Count > MostObjects ? Tags.Paragraph($"{Tags.Number(objects.Count - MostObjects)} more can have it.") : Markup.Empty,
        ]);

    Markup Verdict(EventRow row, IReadOnlyList<ArchiveObject> objects)
    {
        var check = archive.Integrity;
        if (!check.IsAsked)
            return Tags.Paragraph("Not verified: start the console with --keys, and the archive is verified meanwhile.").Class("verdict");
        if (check.Result is not { } result)
            return Tags.Paragraph(check.Failure is { } why ? $"Not verified: {why}" : "The verification is running.").Class("verdict");
        var found = Found(result, row, objects);
        return found.Count > 0
            ? Markup.Of(
            [
                Tags.Paragraph("The verification found something about it:").Class("verdict bad"),
                new Element("ul", [.. found.Select(one => (Markup)new Element("li", $"{one.Kind}: {one.Message} ({one.Subject})"))]),
            ])
            : OfChain(result, row);
    }

    static List<ArchiveFinding> Found(VerificationResult result, EventRow row, IReadOnlyList<ArchiveObject> objects) =>
    [
        .. from finding in result.Findings.Findings
           where finding.Kind.Fails() && (finding.Node is null || IsOf(finding.Node.Cluster, finding.Node.Trail, finding.Node.Node, row))
               && (finding.Node is null || objects.Any(one => one.Key.EndsWith(finding.Subject, StringComparison.Ordinal)
                   || finding.Subject.EndsWith(one.Key, StringComparison.Ordinal)))
           select finding,
    ];

    // A node has a chain for its audit log and one for its containers; a record does not say which is its own.
    static Element OfChain(VerificationResult result, EventRow row)
    {
        var ofLabels = result.Chains.Where(chain => IsOf(chain.Node.Cluster, chain.Node.Trail, chain.Node.Node, row))
            .GroupBy(chain => chain.Label).Select(same => same.Max(chain => chain.ProvenUntil)).ToList();
        if (ofLabels.Count == 0)
            return Tags.Paragraph("Not verified: no chain of digests of this node was verified.").Class("verdict bad");
        // One that nothing proves is not made good by another.
        return ofLabels.Contains(null) || ofLabels.Min() is not { } known
            ? Tags.Paragraph("Not verified: of a chain of digests of this node nothing was verified, as of one that no known key signed.")
                .Class("verdict bad")
            : row.Time <= known.UtcDateTime
                ? Tags.Paragraph($"Verified: nothing of this node was changed or removed up to {TimeFormat.Short(known.UtcDateTime)}.")
                    .Class("verdict good")
                : Tags.Paragraph($"Not verified yet: the digests of this node prove what was before {TimeFormat.Short(known.UtcDateTime)}.")
                    .Class("verdict");
    }

    static bool IsOf(string cluster, string trail, string node, EventRow row) =>
        (cluster, trail, node) == (row.Cluster.Text, row.Trail.Text, row.Node.Text);

    Element HowTo(EventRow row) => Tags.Paragraph(
        "To prove it elsewhere: ",
        Tags.Code(string.Join(' ', new[]
        {
            "kubectl trail verify", Quote(archive.Location), "--keys operator.pub.pem",
            row.Cluster.Whole is { } cluster ? $"--cluster {Quote(cluster)}" : null,
            row.Trail.Whole is { } trail ? $"--trail {Quote(trail)}" : null,
            row.Node.Whole is { } node ? $"--node {Quote(node)}" : null,
        }.OfType<string>())));

    // It may be pasted into a shell.
    static string Quote(string text) =>
        text.All(character => char.IsAsciiLetterOrDigit(character) || "/:._-=@".Contains(character, StringComparison.Ordinal))
            ? text
            : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
