using System.IO.Compression;
using ClusterTrail.Archive;

namespace ClusterTrail.Agent.Batching;

/// <summary>A batch is one gzip member.</summary>
sealed class GzipCompressor(int level) : BatchCompressor
{
    const int PendingBytes = 64 << 10;

    readonly ZLibCompressionOptions options = new() { CompressionLevel = level };
    readonly MemoryStream compressed = new(1 << 20);
    // deflate(3) is faster with large pieces than with one call a record.
    readonly byte[] pending = new byte[PendingBytes];
    int pendingLength;
    GZipStream? gzip;

    public override Codec Codec => Codec.Gzip;

    public override void Write(ReadOnlySpan<byte> record)
    {
        gzip ??= new GZipStream(compressed, options, leaveOpen: true);
        if (record.Length > pending.Length - pendingLength)
        {
            Flush();
        }

        if (record.Length > pending.Length)
        {
            gzip.Write(record);
            return;
        }

        record.CopyTo(pending.AsSpan(pendingLength));
        pendingLength += record.Length;
    }

    public override ReadOnlySpan<byte> End()
    {
        Flush();
        gzip?.Dispose();
        gzip = null;
        return compressed.GetBuffer().AsSpan(0, (int)compressed.Length);
    }

    public override void Clear()
    {
        pendingLength = 0;
        gzip?.Dispose();
        gzip = null;
        compressed.SetLength(0);
    }

    public override void Dispose()
    {
        gzip?.Dispose();
        compressed.Dispose();
    }

    void Flush()
    {
        gzip?.Write(pending.AsSpan(0, pendingLength));
        pendingLength = 0;
    }
}
