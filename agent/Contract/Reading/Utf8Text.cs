using System.Text;

namespace ClusterTrail.Contract.Reading;

/// <summary>Text as editors save it: in UTF-8, perhaps with a byte order mark, which is not a part of it.</summary>
public static class Utf8Text
{
    static ReadOnlySpan<byte> ByteOrderMark => [0xef, 0xbb, 0xbf];

    public static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> text) =>
        text.Span.StartsWith(ByteOrderMark) ? text[ByteOrderMark.Length..] : text;

    public static string Decode(ReadOnlyMemory<byte> text) => Encoding.UTF8.GetString(WithoutMark(text).Span);
}
