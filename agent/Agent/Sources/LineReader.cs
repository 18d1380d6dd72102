using System.Buffers;

namespace ClusterTrail.Agent.Sources;

/// <summary>Cuts a file into lines, as spans of one pooled buffer.</summary>
/// <remarks>Caveats: NUL bytes before a line are skipped: a file truncated under a writer without O_APPEND begins with a hole.</remarks>
sealed class LineReader(ILogFile file, long offset, int maxLineBytes) : IDisposable
{
    const int BlockBytes = 256 << 10;

    byte[] buffer = ArrayPool<byte>.Shared.Rent(BlockBytes);
    int start;
    int scanned;
    int end;
    long blockOffset = offset;
    OversizedLine? oversized;
    long lineOffset = offset;

    /// <summary>The first byte after the lines given out.</summary>
    public long Offset => lineOffset;

    /// <summary>The first byte not yet taken from the file.</summary>
    public long ReadOffset => blockOffset + end;

    /// <summary>Whether there is the beginning of a line that has no end yet.</summary>
    public bool HasTail => ReadOffset > lineOffset;

    /// <summary>Takes the next line out of what was read; false when more must be read first.</summary>
    public bool TryTake(out RawLine line)
    {
        SkipHole();
        var unread = buffer.AsSpan(start, end - start);
        var newline = unread[scanned..].IndexOf((byte)'\n');
        if (newline >= 0)
        {
            line = Take(unread[..(scanned + newline)], 1);
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
    public RawLine TakeTail() => Take(buffer.AsSpan(start, end - start), 0);

    /// <summary>Reads more of the file; 0 at its end.</summary>
    public int Fill()
    {
        MakeRoom();
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
    }

    void SkipHole()
    {
        if (start < end && scanned == 0 && oversized is null && buffer[start] == 0)
        {
            var text = buffer.AsSpan(start, end - start).IndexOfAnyExcept((byte)0);
            var skipped = text < 0 ? end - start : text;
            start += skipped;
            lineOffset += skipped;
        }
    }

    RawLine Take(ReadOnlySpan<byte> text, int newline)
    {
        var line = oversized is null && text.Length <= maxLineBytes ? new RawLine(text, lineOffset, null) : EndOversized(text);
        start += text.Length + newline;
        scanned = 0;
        lineOffset = blockOffset + start;
        return line;
    }

    RawLine EndOversized(ReadOnlySpan<byte> rest)
    {
        using var ended = oversized ?? new();
        oversized = null;
        ended.Append(rest);
        return new RawLine(ended.Head, lineOffset, ended.End());
    }

    void Discard(ReadOnlySpan<byte> piece)
    {
        oversized ??= new();
        oversized.Append(piece);
        start = end;
        scanned = 0;
    }

    void MakeRoom()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            blockOffset += start;
            end -= start;
            start = 0;
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
