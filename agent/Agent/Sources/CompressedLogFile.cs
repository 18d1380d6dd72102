using System.Buffers;
using ClusterTrail.Archive;

namespace ClusterTrail.Agent.Sources;

/// <summary>The plain text of a compressed sibling. Reading forwards is cheap; going back further than 64 KiB starts over.</summary>
/// <remarks>Several gzip members or zstd frames are one text, and zeros after the last gzip member, as tapes have them, are
/// nothing.</remarks>
sealed class CompressedLogFile(ILogFile compressed, Func<Stream, Stream> decompress) : ILogFile
{
    // A first line behind gigabytes of NULs is looked at again without decompressing them again.
    const int RecentBytes = 64 << 10;

    byte[] recent = [];
    int kept;
    Stream? stream;
    long at;

    public FileNumber Number => compressed.Number;

    /// <summary>How many bytes it has compressed: how many it has as plain text is known when it was read through.</summary>
    public long Length => compressed.Length;

    public long NextData(long offset) => offset;

    /// <exception cref="InvalidDataException">It is not, or not yet, whole.</exception>
    public int Read(Span<byte> buffer, long offset)
    {
        if (offset < at && offset >= at - kept)
        {
            var again = recent.AsSpan(0, kept)[^(int)(at - offset)..];
            again = again[..Math.Min(again.Length, buffer.Length)];
            again.CopyTo(buffer);
            return again.Length;
        }

        if (stream is null || offset < at)
        {
            stream?.Dispose();
            stream = decompress(new LogFileStream(compressed));
            (at, kept) = (0, 0);
        }

        return TrySkipTo(offset) ? Decompress(buffer) : 0;
    }

    public void Dispose()
    {
        stream?.Dispose();
        compressed.Dispose();
        if (recent.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(recent);
            (recent, kept) = ([], 0);
        }
    }

    int Decompress(Span<byte> buffer)
    {
        var read = stream!.Read(buffer);
        Keep(buffer[..read]);
        at += read;
        return read;
    }

    void Keep(ReadOnlySpan<byte> text)
    {
        recent = recent.Length > 0 ? recent : ArrayPool<byte>.Shared.Rent(RecentBytes);
        text = text[Math.Max(0, text.Length - RecentBytes)..];
        var still = Math.Min(kept, RecentBytes - text.Length);
        recent.AsSpan(kept - still, still).CopyTo(recent);
        text.CopyTo(recent.AsSpan(still));
        kept = still + text.Length;
    }

    bool TrySkipTo(long offset)
    {
        var skipped = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            while (at < offset && Decompress(skipped.AsSpan(0, (int)Math.Min(skipped.Length, offset - at))) > 0)
            {
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(skipped);
        }

        return at >= offset;
    }

    sealed class LogFileStream(ILogFile file) : ForwardStream
    {
        long next;

        public override int Read(Span<byte> buffer)
        {
            var read = file.Read(buffer, next);
            next += read;
            return read;
        }
    }
}
