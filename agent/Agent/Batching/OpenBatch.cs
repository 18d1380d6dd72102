using System.IO.Compression;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Batching;

/// <summary>The batch that records are being added to: compressed as they come.</summary>
sealed class OpenBatch(int gzipLevel, TimeProvider time) : IDisposable
{
    const int PendingBytes = 64 << 10;

    readonly ZLibCompressionOptions compression = new() { CompressionLevel = gzipLevel };
    readonly MemoryStream compressed = new(1 << 20);
    // deflate(3) is faster with large pieces than with one call a record.
    readonly byte[] pending = new byte[PendingBytes];
    readonly byte[] lastEventTime = new byte[40];
    int pendingLength;
    int lastEventTimeLength;
    GZipStream? gzip;
    long openedAt;

    public int Events { get; private set; }

    public long RecordBytes { get; private set; }

    public Position First { get; private set; }

    public Position Last { get; private set; }

    public DateTimeOffset FirstEvent { get; private set; }

    /// <summary>The time of the last record that has one.</summary>
    public DateTimeOffset LastEvent => EventTime.Parse(lastEventTime.AsSpan(0, lastEventTimeLength)) ?? FirstEvent;

    public bool IsEmpty => Events == 0;

    /// <summary>Whether the batch must close: by size, or by age.</summary>
    public bool IsDue(long maxBytes, TimeSpan maxAge) => RecordBytes >= maxBytes || (!IsEmpty && time.GetElapsedTime(openedAt) >= maxAge);

    /// <param name="eventTime">When the event happened, as the event writes it.</param>
    public void Add(ReadOnlySpan<byte> record, Position position, ReadOnlySpan<byte> eventTime)
    {
        if (gzip is null)
        {
            Open(position, eventTime);
        }

        Compress(record);
        Events++;
        RecordBytes += record.Length;
        Last = position;
        if (!eventTime.IsEmpty && eventTime.Length <= lastEventTime.Length)
        {
            eventTime.CopyTo(lastEventTime);
            lastEventTimeLength = eventTime.Length;
        }
    }

    /// <summary>Ends the compression; the bytes are valid until the next record.</summary>
    public ReadOnlySpan<byte> Close()
    {
        Flush();
        gzip?.Dispose();
        gzip = null;
        return compressed.GetBuffer().AsSpan(0, (int)compressed.Length);
    }

    /// <summary>Starts over.</summary>
    public void Clear()
    {
        compressed.SetLength(0);
        Events = 0;
        RecordBytes = 0;
    }

    public void Dispose()
    {
        gzip?.Dispose();
        compressed.Dispose();
    }

    void Compress(ReadOnlySpan<byte> record)
    {
        if (record.Length > pending.Length - pendingLength)
        {
            Flush();
        }

        if (record.Length > pending.Length)
        {
            gzip!.Write(record);
            return;
        }

        record.CopyTo(pending.AsSpan(pendingLength));
        pendingLength += record.Length;
    }

    void Flush()
    {
        gzip?.Write(pending.AsSpan(0, pendingLength));
        pendingLength = 0;
    }

    void Open(Position position, ReadOnlySpan<byte> eventTime)
    {
        gzip = new GZipStream(compressed, compression, leaveOpen: true);
        openedAt = time.GetTimestamp();
        lastEventTimeLength = 0;
        First = position;
        FirstEvent = EventTime.Parse(eventTime) ?? time.GetUtcNow();
    }
}
