using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>The plain text of a compressed sibling. Reading forwards is cheap; going back starts over.</summary>
sealed class GzipLogFile(ILogFile compressed) : ILogFile
{
    const int TrailerBytes = 8;

    GZipStream? stream;
    long at;

    public FileNumber Number => compressed.Number;

    /// <summary>The plain length that the trailer states, which is right up to 4 GiB and for a single gzip member (RFC 1952).</summary>
    public long Length
    {
        get
        {
            Span<byte> size = stackalloc byte[4];
            var length = compressed.Length;
            return length > TrailerBytes && compressed.Read(size, length - size.Length) == size.Length ? BinaryPrimitives.ReadUInt32LittleEndian(size) : 0;
        }
    }

    /// <exception cref="InvalidDataException">It is not, or not yet, a whole gzip file.</exception>
    public int Read(Span<byte> buffer, long offset)
    {
        if (stream is null || offset < at)
        {
            stream?.Dispose();
            stream = new GZipStream(new LogFileStream(compressed), CompressionMode.Decompress);
            at = 0;
        }

        if (!TrySkipTo(offset))
        {
            return 0;
        }

        var read = stream.Read(buffer);
        at += read;
        return read;
    }

    public void Dispose()
    {
        stream?.Dispose();
        compressed.Dispose();
    }

    bool TrySkipTo(long offset)
    {
        var skipped = ArrayPool<byte>.Shared.Rent(1 << 16);
        while (at < offset)
        {
            var read = stream!.Read(skipped.AsSpan(0, (int)Math.Min(skipped.Length, offset - at)));
            if (read == 0)
            {
                break;
            }

            at += read;
        }

        ArrayPool<byte>.Shared.Return(skipped);
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
