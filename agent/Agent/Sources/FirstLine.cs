using System.Buffers;
using System.Security.Cryptography;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>The beginning of a log file: it shows which files it can be, and whether it is still the same.</summary>
/// <param name="Root">The identity of the file, if no other one begins with this line.</param>
/// <param name="Start">Where the line begins: after a hole, if there is one.</param>
/// <param name="End">Where it ends, before its newline.</param>
/// <param name="Head">The first bytes from there, up to 256.</param>
/// <param name="EventAt">When the event in it happened; null when it has no time.</param>
sealed record FirstLine(FileId Root, long Start, long End, byte[] Head, DateTimeOffset? EventAt)
{
    const int HeadBytes = 256;
    const int BlockBytes = 1 << 14;

    /// <summary>Reads it; null while the line has no end.</summary>
    /// <param name="isWhole">True when the file will not grow: then its end is the line's end too.</param>
    public static FirstLine? Read(ILogFile file, bool isWhole)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            if (!TryHash(file, buffer, hash, isWhole, out var start, out var end))
            {
                return null;
            }

            var head = new byte[HeadBytes];
            head = head[..FileBytes.Fill(file, head, start)];
            return new(FileId.Of(hash.GetHashAndReset()), start, end, head, EventTimes.Before(file, end));
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
        return FileBytes.Fill(file, now[..Head.Length], Start) == Head.Length && now[..Head.Length].SequenceEqual(Head);
    }

    /// <summary>Whether the line is an audit event, of whatever length.</summary>
    public bool IsAuditEvent(ILogFile file, int maxEventBytes)
    {
        using var reducer = new EventReducer(maxEventBytes);
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        for (var at = Start; at < End;)
        {
            var read = file.Read(block.AsSpan(0, (int)Math.Min(block.Length, End - at)), at);
            if (read == 0)
            {
                break;
            }

            reducer.Append(block.AsSpan(0, read));
            at += read;
        }

        ArrayPool<byte>.Shared.Return(block);
        return reducer.IsWhole && AuditEvent.TryParse(reducer.Text, new JsonIndex(), out _, out _);
    }

    static bool TryHash(ILogFile file, byte[] buffer, IncrementalHash hash, bool isWhole, out long start, out long end)
    {
        (start, end) = (0, 0);
        var hasText = false;
        while (true)
        {
            var read = file.Read(buffer, end);
            if (read == 0)
            {
                return isWhole && hasText;
            }

            end += read;
            var text = buffer.AsSpan(0, read);
            if (!hasText)
            {
                // A file truncated under a writer without O_APPEND begins with a hole.
                var skipped = text.IndexOfAnyExcept("\0\r\n"u8);
                text = skipped < 0 ? [] : text[skipped..];
                start = end - text.Length;
                hasText = !text.IsEmpty;
                end = hasText ? end : file.NextData(end);
            }

            var stop = text.IndexOfAny((byte)'\n', (byte)0);
            hash.AppendData(stop < 0 ? text : text[..stop]);
            if (stop >= 0)
            {
                end -= text.Length - stop;
                return true;
            }
        }
    }
}
