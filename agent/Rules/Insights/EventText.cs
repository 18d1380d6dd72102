using System.Text;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Insights;

/// <summary>A string of an event as people read it.</summary>
static class EventText
{
    const int LongestEscape = 12;

    // More than the name of a service account has.
    const int LongestStart = 512;

    /// <summary>All of a text, or its first bytes and an ellipsis: clients send as much as they like.</summary>
    public static string Start(ReadOnlySpan<byte> written) =>
        written.Length <= LongestStart ? Of(written) : $"{Of(written[..LongestStart])}…";

    /// <param name="written">With its escapes; it may have been cut anywhere.</param>
    public static string Of(ReadOnlySpan<byte> written)
    {
        if (!written.Contains((byte)'\\'))
            return Encoding.UTF8.GetString(written);
        // A cut escape has no meaning. Without those of the end the rest has, or shows as it is written.
        for (var dropped = 0; dropped <= Math.Min(LongestEscape, written.Length); dropped++)
        {
            if (TryUnescape(written[..^dropped]) is { } text)
                return text;
        }

        return Encoding.UTF8.GetString(written);
    }

    static string? TryUnescape(ReadOnlySpan<byte> written)
    {
        for (var at = 0; at < written.Length; at++)
        {
            if (written[at] != (byte)'\\')
                continue;
            if (at + 1 >= written.Length || !JsonEscapes.AreValid(written, at + 1, 1))
                return null;
            at += written[at + 1] == (byte)'u' ? 5 : 1;
        }

        var value = new byte[written.Length];
        return Encoding.UTF8.GetString(value, 0, JsonEscapes.Unescape(written, value));
    }
}
