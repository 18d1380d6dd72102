using ClusterTrail.Archive;

namespace ClusterTrail.Kubectl.Reading;

/// <summary>A stream as plain text, whether it is compressed or not: its first bytes say so, because a pipe has no name.</summary>
static class PlainText
{
    internal static Stream Of(Stream stream)
    {
        var first = new byte[Codecs.MagicBytes];
        first = first[..stream.ReadAtLeast(first, first.Length, throwOnEndOfStream: false)];
        var whole = new Rejoined(first, stream);
        return Codecs.Of(first) is { } codec ? codec.Decompress(whole) : whole;
    }

    /// <summary>Bytes that were read already, and what follows them.</summary>
    sealed class Rejoined(byte[] first, Stream rest) : ForwardStream
    {
        int taken;

        public override int Read(Span<byte> buffer)
        {
            if (taken == first.Length)
                return rest.Read(buffer);
            var some = first.AsSpan(taken, Math.Min(buffer.Length, first.Length - taken));
            some.CopyTo(buffer);
            taken += some.Length;
            return some.Length;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                rest.Dispose();
            base.Dispose(disposing);
        }
    }
}
