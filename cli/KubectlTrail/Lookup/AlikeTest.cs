using System.Text;
using ClusterTrail.History.Search;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Kubectl.Lookup;

/// <summary>What <c>--around</c> asks of the records around one.</summary>
static class AlikeTest
{
    /// <summary>By the same person, from the same address, or on the same object; and the record itself.</summary>
    internal static RecordTest.Any Of(byte[] line)
    {
        RecordView.TryRead(line, new JsonIndex(JsonIndex.MaxDepth + 1), out var record);
        List<RecordTest> tests = [Literal(record.Id, static (in record) => record.Id)];
        if (!record.UserName.IsEmpty)
            tests.Add(Literal(record.UserName, static (in record) => record.UserName, static (in record) => record.ActingAs));
        if (!record.Address.IsEmpty)
            tests.Add(Literal(record.Address, static (in record) => record.Address));
        if (!OfObject(record, "name"u8).IsEmpty)
        {
            List<RecordTest> parts = [Literal(OfObject(record, "name"u8), static (in record) => OfObject(record, "name"u8))];
            if (!OfObject(record, "resource"u8).IsEmpty)
                parts.Add(Literal(OfObject(record, "resource"u8), static (in record) => OfObject(record, "resource"u8)));
            if (!OfObject(record, "namespace"u8).IsEmpty)
                parts.Add(Literal(OfObject(record, "namespace"u8), static (in record) => OfObject(record, "namespace"u8)));
            tests.Add(new RecordTest.All(parts));
        }

        return new RecordTest.Any(tests);
    }

    static ReadOnlySpan<byte> OfObject(in RecordView record, ReadOnlySpan<byte> name) => record.TextAt(record.ObjectRef, name);

    // What stands in a record is no pattern.
    static RecordTest.OfTexts Literal(ReadOnlySpan<byte> written, params IReadOnlyList<RecordTest.Reader> readers) =>
        new([new TextPattern(Text(written), isLiteral: true)], readers);

    static string Text(ReadOnlySpan<byte> written)
    {
        var plain = new byte[written.Length];
        return Encoding.UTF8.GetString(plain.AsSpan(0, JsonEscapes.Unescape(written, plain)));
    }
}
