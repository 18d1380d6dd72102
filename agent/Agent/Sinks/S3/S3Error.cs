using System.Xml;
using System.Xml.Linq;

namespace ClusterTrail.Agent.Sinks.S3;

/// <summary>An error document of S3.</summary>
/// <param name="Code">Empty if it has none.</param>
/// <param name="RequestId">Null if the document has none; some stores send it only as a header.</param>
sealed record S3Error(string Code, string? RequestId)
{
    // Without a DTD no entity can be larger than the document.
    static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    /// <summary>Null if the body is not a complete error document.</summary>
    public static S3Error? Read(ArraySegment<byte> body)
    {
        try
        {
            using var stream = new MemoryStream(body.Array!, body.Offset, body.Count, writable: false);
            using var reader = XmlReader.Create(stream, Settings);
            return XDocument.Load(reader).Root is { Name.LocalName: "Error" } root
                ? new(Text(root, "Code") ?? "", Text(root, "RequestId"))
                : null;
        }
        catch (Exception e) when (e is XmlException or ArgumentException or NotSupportedException)
        {
            return null; // the last two: an encoding that does not exist
        }
    }

    static string? Text(XElement root, string name) =>
        root.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value.Trim() is { Length: > 0 } text ? text : null;
}
