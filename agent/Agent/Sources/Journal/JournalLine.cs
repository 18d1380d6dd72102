using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace ClusterTrail.Agent.Sources.Journal;

/// <summary>The lines of a journal that are not events: each begins with '#', which no JSON object does.</summary>
/// <remarks>
/// <c>#journal 1 NUMBER ID</c> is the first line of a segment, <c>#group CRC32 BYTES MILLISECONDS KEY</c> the end of a group of events: it
/// vouches for the bytes between the end before it and itself. What has no such end was never confirmed to who sent it.
/// <c>#lost EVENTS BYTES SINCE UNTIL REASON</c> declares events that were received and are not here; 0 events are an unknown number.
/// </remarks>
static class JournalLine
{
    public const byte Mark = (byte)'#';

    /// <summary>The longest line that ends a group, with its newline.</summary>
    public const int MostEndBytes = 128;

    /// <summary>The longest header, with its newline.</summary>
    public const int MostHeaderBytes = 128;

    public static byte[] Header(long number, Guid id) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"#journal 1 {number} {id:n}\n"));

    public static bool IsHeader(ReadOnlySpan<byte> line, long number) =>
        line.StartsWith(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"#journal 1 {number} ")));

    public static byte[] End(ReadOnlySpan<byte> lines, DateTimeOffset at, GroupKey key) => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"#group {Crc32.HashToUInt32(lines):x8} {lines.Length} {at.ToUnixTimeMilliseconds()} {key}\n"));

    public static byte[] Lost(long events, long bytes, (DateTimeOffset Since, DateTimeOffset Until) when, string reason) =>
        Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"#lost {events} {bytes} {when.Since.ToUnixTimeMilliseconds()} {when.Until.ToUnixTimeMilliseconds()} {reason}\n"));

    /// <summary>Reads what is lost; null when the line is something else.</summary>
    public static LostEvents? TryReadLost(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("#lost "u8) || line.Length > MostEndBytes
            || Encoding.ASCII.GetString(line).TrimEnd('\n').Split(' ') is not [_, var events, var bytes, var since, var until, var reason])
            return null;
        return Number(events) is { } lost && Number(bytes) is { } size && Number(since) is { } from && Number(until) is { } to
            ? new(lost, size, DateTimeOffset.FromUnixTimeMilliseconds(from), DateTimeOffset.FromUnixTimeMilliseconds(to), reason)
            : null;

        static long? Number(string text) =>
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? number : null;
    }

    /// <summary>Reads the end of a group; null when the line is something else, or does not vouch for these lines.</summary>
    public static (GroupKey Key, DateTimeOffset At)? TryReadEnd(ReadOnlySpan<byte> line, ReadOnlySpan<byte> lines)
    {
        Span<Range> parts = stackalloc Range[6];
        var count = 0;
        foreach (var part in line.Split((byte)' '))
        {
            if (count == parts.Length)
                return null;
            parts[count++] = part;
        }

        return count == 5 && line[parts[0]].SequenceEqual("#group"u8)
            && uint.TryParse(line[parts[1]], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var crc)
            && long.TryParse(line[parts[2]], NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            && long.TryParse(line[parts[3]], NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            && GroupKey.Parse(line[parts[4]]) is { } key
            && bytes == lines.Length && crc == Crc32.HashToUInt32(lines)
            ? (key, DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(at, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())))
            : null;
    }
}
