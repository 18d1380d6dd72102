using System.Buffers;
using System.IO.Compression;
using ClusterTrail.Contract;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace ClusterTrail.Kubectl.Estimate;

/// <summary>Closes batches as an agent would at that time, compresses them, and counts objects and bytes.</summary>
sealed class EstimatedBatches : IDisposable
{
    // What agents use: docs/decisions/0005-zstd-by-default.md.
    const int WindowLog = 21;

    // Of an envelope, apart from its recipients, and of one of these.
    const int EnvelopeBytes = 260;
    const int RecipientBytes = 220;

    readonly BatchConfiguration limits;
    readonly int recipients;
    readonly Compressor zstd;
    readonly ArrayBufferWriter<byte> batch = new(1 << 20);
    byte[] frame = new byte[1 << 20];
    DateTimeOffset begun;

    internal EstimatedBatches(BatchConfiguration limits, int recipients)
    {
        (this.limits, this.recipients) = (limits, recipients);
        zstd = new(limits.Compression.LevelOrDefault());
        zstd.SetParameter(ZSTD_cParameter.ZSTD_c_windowLog, WindowLog);
        zstd.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
    }

    internal long Objects { get; private set; }

    /// <summary>As they are stored: compressed, and encrypted if the Trail encrypts.</summary>
    internal long StoredBytes { get; private set; }

    internal void Add(ReadOnlySpan<byte> record, DateTimeOffset time)
    {
        if (batch.WrittenCount > 0 && time - begun >= TimeSpan.FromSeconds(limits.MaxAgeSeconds))
            Close();
        if (batch.WrittenCount == 0)
            begun = time;
        batch.Write(record);
        if (batch.WrittenCount >= limits.MaxBytes)
            Close();
    }

    /// <summary>Closes what is open.</summary>
    internal void Close()
    {
        if (batch.WrittenCount == 0)
            return;
        Objects++;
        StoredBytes += Compress() + (recipients == 0 ? 0 : EnvelopeBytes + (RecipientBytes * recipients));
        batch.ResetWrittenCount();
    }

    public void Dispose() => zstd.Dispose();

    long Compress()
    {
        if (limits.Compression.Type == CompressionType.Gzip)
        {
            using var counted = new MemoryStream();
            var level = new ZLibCompressionOptions { CompressionLevel = limits.Compression.LevelOrDefault() };
            using (var gzip = new GZipStream(counted, level, leaveOpen: true))
                gzip.Write(batch.WrittenSpan);
            return counted.Length;
        }

        var room = Compressor.GetCompressBound(batch.WrittenCount);
        if (frame.Length < room)
            frame = new byte[room];
        return zstd.Wrap(batch.WrittenSpan, frame);
    }
}
