using System.Buffers;
using System.Security.Cryptography;
using ClusterTrail.Rules.Events;
using Microsoft.Win32.SafeHandles;

namespace ClusterTrail.Agent.Sources.Journal;

/// <summary>Reads a segment as it is found at a start.</summary>
static class JournalSegment
{
    const int BlockBytes = 1 << 20;
    const int HeaderBytes = 256;

    /// <summary>The identity of a segment: that of its first line, which no other one has; null when it is not one.</summary>
    public static FileId? IdOf(ILogFile file, long number, out long end)
    {
        Span<byte> first = stackalloc byte[HeaderBytes];
        first = first[..FileBytes.Fill(file, first, 0)];
        var newline = first.IndexOf((byte)'\n');
        end = newline + 1;
        if (newline < 0 || !JournalLine.IsHeader(first[..newline], number))
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(first[..newline], hash);
        return FileId.Of(hash);
    }

    /// <summary>Finds where the last group ends that is whole, and which groups there are.</summary>
    /// <param name="from">Where the header ends.</param>
    public static long Recover(SafeFileHandle file, long from, KnownGroups groups)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            // What is in the buffer begins at this byte of the file, and holds no end of a group before the searched one.
            var (start, filled, searched) = (from, 0, 0);
            while (true)
            {
                if (filled == buffer.Length)
                {
                    buffer = Grow(buffer, filled);
                }

                var read = RandomAccess.Read(file, buffer.AsSpan(filled), start + filled);
                if (read == 0)
                {
                    return start;
                }

                filled += read;
                var begin = 0;
                while (TryTakeGroup(buffer.AsSpan(begin..filled), ref searched, groups, out var taken))
                {
                    (begin, searched) = (begin + taken, 0);
                }

                buffer.AsSpan(begin..filled).CopyTo(buffer);
                (start, filled) = (start + begin, filled - begin);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static bool TryTakeGroup(ReadOnlySpan<byte> bytes, ref int searched, KnownGroups groups, out int taken)
    {
        taken = 0;
        while (bytes[searched..].IndexOf("\n#group "u8) is >= 0 and var found)
        {
            var lineStart = searched + found + 1;
            var length = bytes[lineStart..].IndexOf((byte)'\n');
            if (length < 0)
            {
                searched += found;
                return false;
            }

            if (JournalLine.TryReadEnd(bytes.Slice(lineStart, length), bytes[..lineStart]) is { } end)
            {
                groups.Add(end.Key, end.At);
                taken = lineStart + length + 1;
                return true;
            }

            searched = lineStart;
        }

        // The beginning of an end may stand at the end of what was read.
        searched = Math.Max(searched, bytes.Length - JournalLine.MostEndBytes);
        return false;
    }

    static byte[] Grow(byte[] buffer, int filled)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
