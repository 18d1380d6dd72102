using System.Buffers;
using System.Security.Cryptography;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>The beginning of a log file: it tells which file this is, and whether it is still the same.</summary>
/// <param name="Id">The file's identity.</param>
/// <param name="Start">Where the line begins: after a hole, if there is one.</param>
/// <param name="Head">The first bytes from there, up to 256.</param>
sealed record FirstLine(FileId Id, long Start, byte[] Head)
{
    const int HeadBytes = 256;

    /// <summary>Reads it; null while the line has no end.</summary>
    /// <param name="isWhole">True when the file will not grow: then its end is the line's end too.</param>
    public static FirstLine? Read(ILogFile file, bool isWhole)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 14);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            return TryHash(file, buffer, hash, isWhole, out var start) ? new(FileId.Of(hash.GetHashAndReset()), start, ReadHead(file, start)) : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Whether the file still begins as it did; false after it was truncated or overwritten.</summary>
    public bool IsStillOf(ILogFile file)
    {
        Span<byte> now = stackalloc byte[HeadBytes];
        return Fill(file, now[..Head.Length], Start) == Head.Length && now[..Head.Length].SequenceEqual(Head);
    }

    static bool TryHash(ILogFile file, byte[] buffer, IncrementalHash hash, bool isWhole, out long start)
    {
        start = 0;
        var offset = 0L;
        var hasText = false;
        while (true)
        {
            var read = file.Read(buffer, offset);
            if (read == 0)
            {
                return isWhole && hasText;
            }

            offset += read;
            var text = buffer.AsSpan(0, read);
            // A file truncated under a writer without O_APPEND begins with a hole.
            text = hasText ? text : text.TrimStart("\0\r\n"u8);
            start = hasText ? start : offset - text.Length;
            hasText |= !text.IsEmpty;
            var end = text.IndexOf((byte)'\n');
            hash.AppendData(end < 0 ? text : text[..end]);
            if (end >= 0)
            {
                return true;
            }
        }
    }

    static byte[] ReadHead(ILogFile file, long start)
    {
        var head = new byte[HeadBytes];
        return head[..Fill(file, head, start)];
    }

    static int Fill(ILogFile file, Span<byte> buffer, long offset)
    {
        var filled = 0;
        while (filled < buffer.Length && file.Read(buffer[filled..], offset + filled) is > 0 and var read)
        {
            filled += read;
        }

        return filled;
    }
}
