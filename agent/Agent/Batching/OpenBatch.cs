using ClusterTrail.Archive;
using ClusterTrail.Contract;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Batching;

/// <summary>The batch that records are being added to: compressed as they come.</summary>
sealed class OpenBatch(CompressionConfiguration compression, TimeProvider time) : IDisposable
{
    readonly BatchCompressor compressor = BatchCompressor.Of(compression);
    readonly byte[] lastEventTime = new byte[40];
    int lastEventTimeLength;
    bool isOpen;
    long openedAt;

    public Codec Codec => compressor.Codec;

    public int Events { get; private set; }

    public long RecordBytes { get; private set; }

    public Position First { get; private set; }

    public Position Last { get; private set; }

    public DateTimeOffset FirstEvent { get; private set; }

    /// <summary>The time of the last record that has one.</summary>
    public DateTimeOffset LastEvent => EventTime.Parse(lastEventTime.AsSpan(0, lastEventTimeLength)) ?? FirstEvent;

    /// <summary>Whether it has no record, and none is going to be added of what was noted.</summary>
    public bool IsEmpty => !isOpen;

    /// <summary>Whether it has the record of a finding.</summary>
    public bool HasFinding { get; private set; }

    /// <summary>Whether the batch must close: by size, or by age.</summary>
    /// <param name="noted">How many bytes the records will have that are going to be added of what was noted.</param>
    public bool IsDue(BatchLimits limits, long noted = 0) => RecordBytes + noted >= limits.MaxBytes
        || (!IsEmpty && time.GetElapsedTime(openedAt) >= limits.AgeOf(RecordBytes + noted, HasFinding));

    /// <summary>Notes that what was added last is a finding's.</summary>
    public void NoteFinding() => HasFinding = true;

    /// <param name="eventTime">When the event happened, as the event writes it.</param>
    public void Add(ReadOnlySpan<byte> record, Position position, ReadOnlySpan<byte> eventTime)
    {
        Note(position, eventTime);
        AddNoted(record);
    }

    /// <summary>Adds a record of what was noted before.</summary>
    public void AddNoted(ReadOnlySpan<byte> record)
    {
        compressor.Write(record);
        Events++;
        RecordBytes += record.Length;
    }

    /// <summary>Notes an event that the batch is about: one of its records is going to say so.</summary>
    public void Note(Position position, ReadOnlySpan<byte> eventTime)
    {
        if (IsEmpty)
        {
            Open(position, eventTime);
        }

        Last = position;
        if (!eventTime.IsEmpty && eventTime.Length <= lastEventTime.Length)
        {
            eventTime.CopyTo(lastEventTime);
            lastEventTimeLength = eventTime.Length;
        }
    }

    /// <summary>Ends the compression; the bytes are valid until the next record.</summary>
    public ReadOnlySpan<byte> Close() => compressor.End();

    /// <summary>Starts over.</summary>
    public void Clear()
    {
        compressor.Clear();
        isOpen = false;
        Events = 0;
        RecordBytes = 0;
        HasFinding = false;
    }

    public void Dispose() => compressor.Dispose();

    void Open(Position position, ReadOnlySpan<byte> eventTime)
    {
        isOpen = true;
        openedAt = time.GetTimestamp();
        lastEventTimeLength = 0;
        First = position;
        FirstEvent = EventTime.Parse(eventTime) ?? time.GetUtcNow();
    }
}
