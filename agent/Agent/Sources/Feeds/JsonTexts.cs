using System.Buffers;

namespace ClusterTrail.Agent.Sources.Feeds;

/// <summary>Finds where JSON objects end that follow one another, in a text of which more may come.</summary>
/// <remarks>
/// Each byte is looked at once, however the text arrives, and without recursion. An object that does not end takes no more with it than
/// its first line; if that happens too often, it takes the rest, so that no text is searched again and again.
/// </remarks>
sealed class JsonTexts
{
    /// <summary>The longest text between objects that is taken for one.</summary>
    public const int MostBetween = 64 << 10;

    const int MostBroken = 100;

    static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);
    // A line end within a string is broken JSON: the writer was cut off, and begins again behind it.
    static readonly SearchValues<byte> InString = SearchValues.Create("\"\\\n"u8);
    static readonly SearchValues<byte> Separators = SearchValues.Create(" \t\r\n,[]\0\u001e"u8);

    int scanned;
    int broken;
    int depth;
    bool inString;

    /// <summary>How many bytes before the next text mean nothing.</summary>
    public static int Skip(ReadOnlySpan<byte> text) => text.IndexOfAnyExcept(Separators) is >= 0 and var next ? next : text.Length;

    /// <summary>How many bytes the text has that the rest begins with; 0 when more is needed to say that.</summary>
    /// <param name="text">It begins with no separator, and with what an earlier call began with that said 0.</param>
    /// <param name="isLast">Whether no more comes, or fits.</param>
    /// <param name="isObject">Whether it is an object from beginning to end.</param>
    public int Next(ReadOnlySpan<byte> text, bool isLast, out bool isObject)
    {
        isObject = false;
        if (text.IsEmpty)
            return 0;
        if (text[0] != (byte)'{')
            return Between(text, isLast);
        var isBroken = false;
        while (scanned < text.Length && !isBroken && !isObject)
        {
            if (inString)
                isBroken = !TrySkipString(text, isLast);
            else
                isObject = TryEnd(text);
            if (inString && scanned < text.Length && text[scanned] == (byte)'\\' && text.Length - scanned < 2 && !isLast)
                return 0;
        }

        if (isObject || isBroken)
            return Done(scanned);
        if (!isLast)
            return 0;
        var end = ++broken > MostBroken ? -1 : text.IndexOf((byte)'\n');
        return Done(end < 0 ? text.Length : end);
    }

    static int Between(ReadOnlySpan<byte> text, bool isLast)
    {
        var end = text[..Math.Min(text.Length, MostBetween)].IndexOfAny("{\n"u8);
        return end >= 0 ? end : isLast || text.Length >= MostBetween ? Math.Min(text.Length, MostBetween) : 0;
    }

    // False when the string does not end on its line.
    bool TrySkipString(ReadOnlySpan<byte> text, bool isLast)
    {
        var found = text[scanned..].IndexOfAny(InString);
        scanned = found < 0 ? text.Length : scanned + found;
        if (found < 0)
            return true;
        switch (text[scanned])
        {
            case (byte)'"':
                inString = false;
                scanned++;
                return true;
            case (byte)'\n':
                return false;
            default:
                if (scanned + 1 < text.Length || isLast)
                    scanned = Math.Min(scanned + 2, text.Length);
                return true;
        }
    }

    bool TryEnd(ReadOnlySpan<byte> text)
    {
        var found = text[scanned..].IndexOfAny(Structure);
        scanned = found < 0 ? text.Length : scanned + found + 1;
        if (found < 0)
            return false;
        switch (text[scanned - 1])
        {
            case (byte)'"':
                inString = true;
                return false;
            case (byte)'{' or (byte)'[':
                depth++;
                return false;
            default:
                return --depth == 0;
        }
    }

    int Done(int taken)
    {
        (scanned, depth, inString) = (0, 0, false);
        return taken;
    }
}
