using System.Buffers;

namespace ClusterTrail.Agent.Sources;

/// <summary>The plain text of a compressed sibling. Reading forwards is cheap; going back starts over.</summary>
/// <remarks>Several gzip members or zstd frames are one text, and zeros after the last gzip member, as tapes have them, are
/// nothing.</remarks>
sealed class CompressedLogFile(ILogFile compressed, Func<Stream, Stream> decompress) : ILogFile
{
    Stream? stream;
    long at;

    public FileNumber Number => compressed.Number;

    /// <summary>How many bytes it has compressed: how many it has as plain text is known when it was read through.</summary>
    public long Length => compressed.Length;

    public long NextData(long offset) => offset;

    /// <exception cref="InvalidDataException">It is not, or not yet, whole.</exception>
    public int Read(Span<byte> buffer, long offset)
    {
        if (stream is null || offset < at)
        {
            stream?.Dispose();
            stream = decompress(new LogFileStream(compressed));
            at = 0;
        }

        if (!TrySkipTo(offset))
        {
            return 0;
        }

        var read = Decompress(buffer);
        at += read;
        return read;
    }

    public void Dispose()
    {
        stream?.Dispose();
        compressed.Dispose();
    }

    int Decompress(Span<byte> buffer)
    {
        try
        {
            return stream!.Read(buffer);
        }
        catch (Exception e) when (e is ZstdSharp.ZstdException or EndOfStreamException)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    bool TrySkipTo(long offset)
    {
        var skipped = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            while (at < offset && Decompress(skipped.AsSpan(0, (int)Math.Min(skipped.Length, offset - at))) is > 0 and var read)
            {
                at += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(skipped);
        }

        return at >= offset;
    }

    sealed class LogFileStream(ILogFile file) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => file.Length;

        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = file.Read(buffer, Position);
            Position += read;
            return read;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
