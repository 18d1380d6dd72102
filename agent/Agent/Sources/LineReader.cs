using System.Buffers;
using System.IO.Hashing;

namespace ClusterTrail.Agent.Sources;

/// <summary>Cuts a file into lines, as spans of one pooled buffer; runs of NUL bytes stand for themselves.</summary>
/// <remarks>
/// A writer without O_APPEND leaves a hole when its file is truncated, and a power cut leaves NULs where data was not yet on disk. No line
/// of JSON has one, so they end the line before them and are given out as what they are.
/// </remarks>
sealed class LineReader : IDisposable
{
    /// <summary>How many bytes before the next line are kept, to prove later that they were these.</summary>
    public const int HistoryBytes = 4096;

    const int BlockBytes = 256 << 10;

    readonly ILogFile file;
    readonly int maxLineBytes;
    readonly ulong seed;
    readonly Crc32 crc = new();
    byte[] buffer = ArrayPool<byte>.Shared.Rent(BlockBytes);
    int start;
    int scanned;
    int end;
    long blockOffset;
    OversizedLine? oversized;
    OversizedLine? ended;
    long nuls;
    bool hasCrc = true;

    /// <param name="seed">The seed of the hashes by which long lines are remembered.</param>
    public LineReader(ILogFile file, long offset, int maxLineBytes, ulong seed = 0)
    {
        (this.file, this.maxLineBytes, this.seed) = (file, maxLineBytes, seed);
        Offset = offset;
        start = end = FileBytes.Fill(file, buffer.AsSpan(0, (int)Math.Min(HistoryBytes, offset)), offset - Math.Min(HistoryBytes, offset));
        blockOffset = offset - start;
    }

    /// <summary>The first byte after the lines given out.</summary>
    public long Offset { get; private set; }

    /// <summary>The first byte not yet taken from the file.</summary>
    public long ReadOffset => blockOffset + end;

    /// <summary>Whether there is the beginning of a line that has no end yet.</summary>
    public bool HasTail => ReadOffset > Offset;

    /// <summary>The last bytes taken from the file.</summary>
    public ReadOnlySpan<byte> LastRead(int most) => buffer.AsSpan(Math.Max(0, end - most)..end);

    /// <summary>The last bytes of the lines given out; nothing while a line is read that is too long to be kept.</summary>
    public ReadOnlySpan<byte> History
    {
        get
        {
            var at = (int)Math.Clamp(Offset - blockOffset, 0, end);
            return buffer.AsSpan(Math.Max(0, at - HistoryBytes)..at);
        }
    }

    /// <summary>The CRC-32 of the lines given out, as gzip has it; null when they are not all plain lines.</summary>
    public uint? Crc => hasCrc ? crc.GetCurrentHashAsUInt32() : null;

    /// <summary>Takes the next line out of what was read; false when more must be read first.</summary>
    public bool TryTake(out RawLine line)
    {
        if (ended is not null)
        {
            ended.Dispose();
            ended = null;
        }

        if (TryTakeNuls(out line))
        {
            return true;
        }

        var unread = buffer.AsSpan(start, end - start);
        var stop = unread[scanned..].IndexOfAny((byte)'\n', (byte)0);
        if (stop >= 0)
        {
            line = Take(unread[..(scanned + stop)], unread[scanned + stop] == 0 ? 0 : 1);
            return true;
        }

        scanned = unread.Length;
        if (oversized is not null || unread.Length > maxLineBytes)
        {
            Discard(unread);
        }

        line = default;
        return false;
    }

    /// <summary>Takes what is left as a line, when the file will not grow any more.</summary>
    public RawLine TakeTail() => nuls > 0 ? EndNuls() : Take(buffer.AsSpan(start, end - start), 0);

    /// <summary>Reads more of the file; 0 at its end.</summary>
    public int Fill()
    {
        MakeRoom();
        if (nuls > 0 && start == end)
        {
            SkipHole();
        }

        var read = file.Read(buffer.AsSpan(end), ReadOffset);
        end += read;
        return read;
    }

    /// <summary>Forgets what the last <see cref="Fill"/> read.</summary>
    public void Unfill(int read) => end -= read;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        oversized?.Dispose();
        ended?.Dispose();
    }

    bool TryTakeNuls(out RawLine line)
    {
        line = default;
        if (scanned > 0 || oversized is not null || start == end || (nuls == 0 && buffer[start] != 0))
        {
            return false;
        }

        var text = buffer.AsSpan(start, end - start).IndexOfAnyExcept((byte)0);
        var skipped = text < 0 ? end - start : text;
        start += skipped;
        nuls += skipped;
        if (text < 0)
        {
            return false;
        }

        line = EndNuls();
        return true;
    }

    RawLine EndNuls()
    {
        var line = new RawLine([], Offset, Offset + nuls, null, nuls);
        Offset += nuls;
        nuls = 0;
        hasCrc = false;
        return line;
    }

    // Only where nothing but NULs was read last: the bytes of a hole need no reading.
    void SkipHole()
    {
        var from = ReadOffset;
        var skipped = file.NextData(from) - from;
        if (skipped <= 0)
        {
            return;
        }

        nuls += skipped;
        start = end = (int)Math.Min(skipped, HistoryBytes);
        buffer.AsSpan(0, end).Clear();
        blockOffset = from + skipped - end;
    }

    RawLine Take(ReadOnlySpan<byte> text, int newline)
    {
        var next = blockOffset + start + text.Length + newline;
        RawLine line;
        if (oversized is null && text.Length <= maxLineBytes)
        {
            crc.Append(buffer.AsSpan(start, text.Length + newline));
            line = new(text, Offset, next, null);
        }
        else
        {
            line = EndOversized(text, next);
        }

        start += text.Length + newline;
        scanned = 0;
        Offset = next;
        return line;
    }

    RawLine EndOversized(ReadOnlySpan<byte> rest, long next)
    {
        (ended, oversized) = (oversized ?? new(maxLineBytes, seed), null);
        hasCrc = false;
        ended.Append(rest);
        // Its text is valid until the next line is taken.
        var known = ended.End();
        return new RawLine(ended.Text, Offset, next, known);
    }

    void Discard(ReadOnlySpan<byte> piece)
    {
        oversized ??= new(maxLineBytes, seed);
        oversized.Append(piece);
        start = end;
        scanned = 0;
    }

    void MakeRoom()
    {
        var unneeded = start - Math.Min(start, HistoryBytes);
        if (unneeded > 0)
        {
            buffer.AsSpan(unneeded, end - unneeded).CopyTo(buffer);
            blockOffset += unneeded;
            end -= unneeded;
            start -= unneeded;
        }

        if (end > buffer.Length / 2)
        {
            var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
            buffer.AsSpan(0, end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
    }
}
