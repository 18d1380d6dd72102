using System.Globalization;

namespace ClusterTrail.Lake.Events;

/// <summary>Halves of surrogate pairs, which JSON can spell (<c>\ud800</c>) and of which no character is made.</summary>
/// <remarks>
/// The JSON functions of engines refuse a text that has one. Clients choose texts of events, so a single request could make every
/// statement about the records of its time fail.
/// </remarks>
static class Surrogates
{
    const int EscapeBytes = 6;

    /// <summary>Whether there may be one: most records need no closer look.</summary>
    internal static bool MayBeIn(ReadOnlySpan<byte> json) => json.IndexOf("\\ud"u8) >= 0 || json.IndexOf("\\uD"u8) >= 0;

    /// <summary>Makes each half the replacement character, as text columns have it.</summary>
    /// <param name="json">Valid JSON; its length stays.</param>
    internal static void Replace(Span<byte> json)
    {
        for (var at = json.IndexOf((byte)'\\'); at >= 0;)
        {
            var length = LengthOfEscape(json[at..]);
            if (length == EscapeBytes && char.IsSurrogate(Unit(json[at..])))
                "fffd"u8.CopyTo(json[(at + 2)..]);
            var next = json[(at + length)..].IndexOf((byte)'\\');
            at = next < 0 ? -1 : at + length + next;
        }
    }

    // A whole pair is one.
    static int LengthOfEscape(ReadOnlySpan<byte> escape)
    {
        if (escape[1] != (byte)'u')
            return 2;
        var isPair = char.IsHighSurrogate(Unit(escape)) && escape[EscapeBytes..].StartsWith("\\u"u8)
            && char.IsLowSurrogate(Unit(escape[EscapeBytes..]));
        return isPair ? 2 * EscapeBytes : EscapeBytes;
    }

    static char Unit(ReadOnlySpan<byte> escape) =>
        (char)ushort.Parse(escape[2..EscapeBytes], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
