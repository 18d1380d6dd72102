using System.Text;

namespace ClusterTrail.Rules.Selectors;

/// <summary>
/// Texts of which every match of a regular expression contains one: in a value without any, the expression need not be tried, nor made.
/// </summary>
/// <remarks>
/// Making an expression takes tens of milliseconds, trying one a microsecond. Few values have a text that packs look for.
/// </remarks>
sealed class RequiredTexts
{
    // Two bytes of each text, in any case: of other values nearly none is looked at twice.
    readonly ulong[] pairs = new ulong[16];
    readonly byte[][] texts;
    readonly bool ignoresCase;

    RequiredTexts(IEnumerable<string> texts, bool ignoresCase)
    {
        this.texts = [.. texts.Distinct().Order(StringComparer.Ordinal).Select(Encoding.ASCII.GetBytes)];
        this.ignoresCase = ignoresCase;
        foreach (var text in this.texts)
        {
            var pair = PairOf(text);
            pairs[pair >> 6] |= 1UL << pair;
        }
    }

    /// <summary>What is easily seen in the pattern; null if that is nothing, or too short to tell values apart.</summary>
    public static RequiredTexts? Of(string pattern)
    {
        const string AnyCase = "(?i)";
        var ignoresCase = pattern.StartsWith(AnyCase, StringComparison.Ordinal);
        var found = new RequiredTextsReader(ignoresCase ? pattern[AnyCase.Length..] : pattern).Read();
        return found is { Count: > 0 } && found.All(text => text.Length > 1) ? new(found, ignoresCase) : null;
    }

    public bool IsAnyIn(ReadOnlySpan<byte> value)
    {
        if (texts.Length == 1 && !ignoresCase)
        {
            return value.IndexOf(texts[0]) >= 0;
        }

        for (var at = 0; at < value.Length - 1; at++)
        {
            var pair = PairOf(value[at..]);
            if ((pairs[pair >> 6] & (1UL << pair)) != 0 && StartsWithAny(value[at..]))
            {
                return true;
            }
        }

        // Letters outside ASCII have forms in it: the Kelvin sign is a k.
        return ignoresCase && !Ascii.IsValid(value);
    }

    public override string ToString() => string.Join('|', texts.Select(Encoding.ASCII.GetString));

    bool StartsWithAny(ReadOnlySpan<byte> value)
    {
        foreach (var text in texts)
        {
            if (value.Length >= text.Length
                && (ignoresCase ? Ascii.EqualsIgnoreCase(value[..text.Length], text) : value.StartsWith(text)))
            {
                return true;
            }
        }

        return false;
    }

    // The lower five bits of a letter are the same in both cases.
    static int PairOf(ReadOnlySpan<byte> text) => ((text[0] & 31) << 5) | (text[1] & 31);
}
