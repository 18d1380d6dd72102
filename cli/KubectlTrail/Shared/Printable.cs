using System.Globalization;
using System.Text;

namespace ClusterTrail.Kubectl.Shared;

/// <summary>Text from events and names, made safe for a terminal.</summary>
static class Printable
{
    /// <summary>Escapes what a terminal might obey or hide: control and format characters, separators, lone surrogates.</summary>
    internal static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var isRune = Rune.TryGetRuneAt(text, i, out var rune);
            var length = isRune ? rune.Utf16SequenceLength : 1;
            if (isRune && IsHarmless(rune))
                escaped.Append(text, i, length);
            else
                AppendCodes(escaped, text.AsSpan(i, length));
            i += length;
        }
        return escaped.ToString();
    }

    static void AppendCodes(StringBuilder escaped, ReadOnlySpan<char> characters)
    {
        foreach (var character in characters)
            escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
    }

    /// <summary>Whether a terminal just shows it.</summary>
    internal static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
