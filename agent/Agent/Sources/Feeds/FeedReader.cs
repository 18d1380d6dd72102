using System.Buffers;

namespace ClusterTrail.Agent.Sources.Feeds;

/// <summary>Reads a text of JSON objects into groups of lines, one after the other.</summary>
/// <remarks>
/// The same text gives the same groups, however it arrives: they are known by their number. So where a group ends must never change for
/// what was read in part, or <see cref="Version"/> must. Memory is bounded, whatever the text is.
/// </remarks>
static class FeedReader
{
    /// <summary>Part of each group's key.</summary>
    public const int Version = 2;

    /// <summary>A group ends with the text that takes it beyond this.</summary>
    public const int GroupBytes = 4 << 20;

    /// <summary>The longest object; of a longer one the beginning is recorded as unreadable, and reading goes on behind it.</summary>
    public const int MostTextBytes = 32 << 20;

    const int BlockBytes = 256 << 10;

    /// <param name="store">Called with each group and its number. The lines hold until it has ended.</param>
    /// <exception cref="InvalidDataException">The text is damaged; the groups before were handed over.</exception>
    public static async Task ReadAsync(
        Stream text, FeedUnwrapping unwrap, Func<int, FeedLines, Task> store, CancellationToken cancellationToken)
    {
        using var lines = new FeedLines();
        var texts = new JsonTexts();
        var (buffer, length, part) = (ArrayPool<byte>.Shared.Rent(BlockBytes), 0, 0);
        try
        {
            var isEnd = false;
            while (!isEnd)
            {
                if (length == buffer.Length && length < MostTextBytes)
                    buffer = Grow(buffer, length);
                var room = Math.Min(buffer.Length, MostTextBytes) - length;
                var read = room > 0 ? await text.ReadAsync(buffer.AsMemory(length, room), cancellationToken) : 0;
                length += read;
                isEnd = read == 0 && room > 0;
                int taken;
                var at = 0;
                do
                {
                    // What fills the buffer from its beginning is too long; more may come of what follows it.
                    taken = Take(buffer.AsSpan(at..length), texts, isEnd || (room == 0 && at == 0), unwrap, lines);
                    at += taken;
                    if (lines.Written.Length >= GroupBytes)
                        await StoreAsync();
                }
                while (taken > 0);
                buffer.AsSpan(at..length).CopyTo(buffer);
                length -= at;
            }

            if (lines.Written.Length > 0 || lines.Counts != default)
                await StoreAsync();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        async Task StoreAsync()
        {
            await store(part++, lines);
            lines.Clear();
        }
    }

    static int Take(ReadOnlySpan<byte> rest, JsonTexts texts, bool isLast, FeedUnwrapping unwrap, FeedLines lines)
    {
        var skipped = JsonTexts.Skip(rest);
        rest = rest[skipped..];
        var taken = texts.Next(rest, isLast, out var isObject);
        if (taken == 0)
            return skipped;
        var mark = lines.Mark();
        try
        {
            if (isObject)
                unwrap(rest[..taken], lines);
            else
                lines.AddUnreadable(rest[..taken]);
        }
        // Whatever goes wrong with a text, it is kept as it is and counted, and those behind it are read.
        catch (Exception e) when (e is FeedFullException or not (OutOfMemoryException or IOException))
        {
            lines.GoBack(mark);
            lines.AddUnreadable(rest[..taken]);
        }

        return skipped + taken;
    }

    static byte[] Grow(byte[] buffer, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length * 2, MostTextBytes));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
