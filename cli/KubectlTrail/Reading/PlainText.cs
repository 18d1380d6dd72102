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
    sealed class Rejoined(byte[] first, Stream rest) : Stream
    {
        int taken;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (taken == first.Length)
                return rest.Read(buffer);
            var some = first.AsSpan(taken, Math.Min(buffer.Length, first.Length - taken));
            some.CopyTo(buffer);
            taken += some.Length;
            return some.Length;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                rest.Dispose();
            base.Dispose(disposing);
        }
    }
}
