using System.Globalization;
using System.Text;
using System.Xml;
using ClusterTrail.Kubectl.Archives;
using ClusterTrail.Verification;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Verify;

/// <summary>
/// A verification as test cases: one for each chain, and one for each node with findings and for the archive where no chain is.
/// </summary>
static class JunitReport
{
    static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        Indent = true,
        NewLineChars = "\n",
        CloseOutput = false,
        CheckCharacters = true,
    };

    internal static void Write(Stream output, VerificationResult result, bool strict)
    {
        var cases = Cases(result, strict);
        using (var xml = XmlWriter.Create(output, Settings))
        {
            xml.WriteStartElement("testsuites");
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", $"kubectl trail verify {Clean(result.Location)}");
            xml.WriteAttributeString("timestamp", ReportText.Time(result.Options.Now));
            xml.WriteAttributeString("tests", $"{cases.Count}");
            xml.WriteAttributeString("failures", $"{cases.Count(one => one.Failures.Count > 0)}");
            WriteNotes(xml, result.Options.Notes);
            foreach (var one in cases)
                Write(xml, one);
            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        output.WriteByte((byte)'\n');
        output.Flush();
    }

    sealed record Case(string Class, string Name, IReadOnlyList<ArchiveFinding> Failures, IReadOnlyList<ArchiveFinding> Notices);

    static List<Case> Cases(VerificationResult result, bool strict)
    {
        var byNode = result.Findings.Findings.ToLookup(finding => finding.Node);
        var cases = new List<Case>();
        if (byNode[null].Any())
            cases.Add(Of("archive", "digests", byNode[null], strict));
        var nodes = result.Nodes.Concat(byNode.Select(group => group.Key).OfType<ArchiveNode>()).Distinct();
        foreach (var node in nodes.Order(ArchiveNode.Order).OfType<ArchiveNode>())
        {
            var labels = result.Chains.Where(chain => chain.Node == node).Select(chain => chain.Label).Distinct().ToList();
            foreach (var label in labels)
                cases.Add(Of($"{node}", $"chain {label}", byNode[node].Where(finding => finding.Chain == label), strict));
            var others = byNode[node].Where(finding => finding.Chain is null || !labels.Contains(finding.Chain)).ToList();
            if (others.Count > 0 || labels.Count == 0)
                cases.Add(Of($"{node}", "objects and keys", others, strict));
        }

        return cases;
    }

    static Case Of(string type, string name, IEnumerable<ArchiveFinding> findings, bool strict)
    {
        var byFailure = findings.ToLookup(finding => strict || finding.Kind.Fails());
        return new(type, name, [.. byFailure[true]], [.. byFailure[false]]);
    }

    static void WriteNotes(XmlWriter xml, IReadOnlyList<string> notes)
    {
        if (notes.Count == 0)
            return;
        xml.WriteStartElement("properties");
        foreach (var note in notes)
        {
            xml.WriteStartElement("property");
            xml.WriteAttributeString("name", "note");
            xml.WriteAttributeString("value", Clean(note));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    static void Write(XmlWriter xml, Case one)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", Clean(one.Class));
        xml.WriteAttributeString("name", Clean(one.Name));
        if (one.Failures.Count > 0)
        {
            var gravest = one.Failures.MaxBy(finding => (finding.Kind.Fails(), finding.Kind))!;
            xml.WriteStartElement("failure");
            xml.WriteAttributeString("type", $"{gravest.Kind}");
            xml.WriteAttributeString("message", Clean(gravest.Kind.Meaning()));
            xml.WriteString(Lines(one.Failures));
            xml.WriteEndElement();
        }

        if (one.Notices.Count > 0)
            xml.WriteElementString("system-out", Lines(one.Notices));
        xml.WriteEndElement();
    }

    static string Lines(IEnumerable<ArchiveFinding> findings) => string.Concat(findings.Select(Line)) + "\n";

    static string Line(ArchiveFinding finding) => string.Create(
        CultureInfo.InvariantCulture, $"\n{finding.Kind} ({finding.Kind.Code()}) {Clean(finding.Subject)}: {Clean(finding.Message)}");

    // XML has no control characters, however they are written.
    static string Clean(string text) => Shared.Printable.Escape(text);
}
