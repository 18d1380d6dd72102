using System.Buffers;
using System.IO.Compression;
using ClusterTrail.Contract;
using ClusterTrail.Rules.Aggregates;
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
    readonly EstimatedRecord records;
    readonly RollUp rollUp = new();
    readonly ArrayBufferWriter<byte> batch = new(1 << 20);
    byte[] frame = new byte[1 << 20];
    DateTimeOffset begun;
    bool isOpen;

    internal EstimatedBatches(BatchConfiguration limits, int recipients, EstimatedRecord records)
    {
        (this.limits, this.recipients, this.records) = (limits, recipients, records);
        zstd = new(limits.Compression.LevelOrDefault());
        zstd.SetParameter(ZSTD_cParameter.ZSTD_c_windowLog, WindowLog);
        zstd.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
    }

    internal long Objects { get; private set; }

    /// <summary>As they are stored: compressed, and encrypted if the Trail encrypts.</summary>
    internal long StoredBytes { get; private set; }

    /// <summary>How many records of counts there are.</summary>
    internal long AggregateRecords { get; private set; }

    internal void Add(ReadOnlySpan<byte> record, DateTimeOffset time)
    {
        Open(time);
        batch.Write(record);
        CloseIfFull();
    }

    /// <summary>Counts an event.</summary>
    /// <returns>How many bytes the records have for it, about: mostly none.</returns>
    internal long Count(in AggregateKey key, DateTimeOffset time)
    {
        Open(time);
        var before = rollUp.RecordBytes;
        rollUp.Add(key, default);
        var bytes = rollUp.RecordBytes - before;
        CloseIfFull();
        return bytes;
    }

    /// <summary>Closes what is open.</summary>
    internal void Close()
    {
        if (!isOpen)
            return;
        for (var at = 0; at < rollUp.Count; at++)
            batch.Write(records.Write(rollUp[at]));
        AggregateRecords += rollUp.Count;
        rollUp.Clear();
        isOpen = false;
        Objects++;
        StoredBytes += Compress() + (recipients == 0 ? 0 : EnvelopeBytes + (RecipientBytes * recipients));
        batch.ResetWrittenCount();
    }

    public void Dispose() => zstd.Dispose();

    void Open(DateTimeOffset time)
    {
        if (isOpen && time - begun >= TimeSpan.FromSeconds(limits.MaxAgeSeconds))
            Close();
        if (!isOpen)
            (isOpen, begun) = (true, time);
    }

    void CloseIfFull()
    {
        if (rollUp.IsFull || batch.WrittenCount + rollUp.RecordBytes >= limits.MaxBytes)
            Close();
    }

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
