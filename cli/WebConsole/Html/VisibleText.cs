using System.Globalization;
using System.Text;

namespace ClusterTrail.WebConsole.Html;

/// <summary>Text taken apart into what shows, and what would hide or reorder something and is shown as a code.</summary>
static class VisibleText
{
    /// <summary>Control and format characters, separators of lines and halves of characters are codes, <c>\u202e</c>.</summary>
    internal static IEnumerable<(string Text, bool IsCode)> Runs(string text)
    {
        var from = 0;
        for (var at = 0; at < text.Length;)
        {
            var isRune = Rune.TryGetRuneAt(text, at, out var rune);
            var length = isRune ? rune.Utf16SequenceLength : 1;
            if (!isRune || !IsHarmless(rune))
            {
                if (at > from)
                    yield return (text[from..at], false);
                yield return (Code(text.AsSpan(at, length)), true);
                from = at + length;
            }

            at += length;
        }

        if (from < text.Length)
            yield return (text[from..], false);
    }

    /// <summary>The same as one text.</summary>
    internal static string Of(string text) => string.Concat(Runs(text).Select(run => run.Text));

    static string Code(ReadOnlySpan<char> characters)
    {
        var code = new StringBuilder();
        foreach (var character in characters)
            code.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
        return code.ToString();
    }

    static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
