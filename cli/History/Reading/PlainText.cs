using ClusterTrail.Archive;

namespace ClusterTrail.History.Reading;

/// <summary>A stream as plain text, whether it is compressed or not: its first bytes say so, because a pipe has no name.</summary>
static class PlainText
{
    internal static Stream Of(Stream stream)
    {
        var first = Beginning(stream);
        var whole = JoinedStream.Of(first, stream);
        return Codecs.Of(first) is { } codec ? codec.Decompress(whole) : whole;
    }

    /// <summary>As many of the first bytes as say what it is; fewer if there are no more.</summary>
    internal static byte[] Beginning(Stream stream)
    {
        var first = new byte[Codecs.MagicBytes];
        return first[..stream.ReadAtLeast(first, first.Length, throwOnEndOfStream: false)];
    }
}
