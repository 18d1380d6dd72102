using System.Text;
using System.Text.Json;

namespace ClusterTrail.Kubectl.Printing;

/// <summary>A value of a record as a cell shows it: of a long one only the beginning becomes a string.</summary>
static class CellText
{
    internal const string Cut = "…";

    /// <summary>How much of a value is shown, as it is spelled.</summary>
    internal const int MostBytes = 1024;

    /// <summary>The string or number at which the reader is.</summary>
    internal static string Of(ref Utf8JsonReader reader)
    {
        var spelled = reader.ValueSpan;
        if (spelled.Length <= MostBytes)
            return reader.TokenType == JsonTokenType.String ? Unescaped(ref reader) : Encoding.UTF8.GetString(spelled);
        var kept = spelled[..(reader.TokenType == JsonTokenType.String ? WholeCharacters(spelled) : MostBytes)];
        return (reader.TokenType == JsonTokenType.String ? Unescaped(kept) : Encoding.UTF8.GetString(kept)) + Cut;
    }

    // The greatest length up to the bound that cuts neither an escape, nor a pair of them, nor a sequence of UTF-8.
    static int WholeCharacters(ReadOnlySpan<byte> spelled)
    {
        var end = 0;
        while (true)
        {
            var next = end + LengthOfOne(spelled[end..]);
            if (next > MostBytes)
                return end;
            end = next;
        }
    }

    static int LengthOfOne(ReadOnlySpan<byte> spelled)
    {
        const int codeEscape = 6;
        if (spelled[0] == (byte)'\\')
        {
            if (spelled[1] != (byte)'u')
                return 2;
            return IsHighSurrogate(spelled) && spelled[codeEscape..].StartsWith("\\u"u8) ? 2 * codeEscape : codeEscape;
        }

        Rune.DecodeFromUtf8(spelled, out _, out var length);
        return length;
    }

    // \ud8.. to \udb..
    static bool IsHighSurrogate(ReadOnlySpan<byte> escape) =>
        (escape[2] | 0x20) == 'd' && (escape[3] is (byte)'8' or (byte)'9' || (escape[3] | 0x20) is 'a' or 'b');

    static string Unescaped(ReadOnlySpan<byte> spelled)
    {
        var reader = new Utf8JsonReader([(byte)'"', .. spelled, (byte)'"']);
        reader.Read();
        return Unescaped(ref reader);
    }

    /// <summary>JSON can spell half a character, which no string can hold; then it is shown as it is spelled.</summary>
    static string Unescaped(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }
}
