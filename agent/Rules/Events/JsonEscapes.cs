using System.Buffers;
using System.Numerics;
using System.Text;

namespace ClusterTrail.Rules.Events;

/// <summary>The escapes of JSON strings (RFC 8259, section 7).</summary>
static class JsonEscapes
{
    static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    /// <summary>Whether each marked byte, counted from the offset, may follow a backslash. Bytes beyond the text are not.</summary>
    public static bool AreValid(ReadOnlySpan<byte> json, int offset, ulong marked)
    {
        for (; marked != 0; marked &= marked - 1)
        {
            var at = offset + BitOperations.TrailingZeroCount(marked);
            if (at >= json.Length || !IsValid(json[at..]))
            {
                return false;
            }
        }

        return true;
    }

    static bool IsValid(ReadOnlySpan<byte> escape) => escape[0] switch
    {
        (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t' => true,
        (byte)'u' => escape.Length >= 5 && !escape[1..5].ContainsAnyExcept(Digits),
        _ => false,
    };

    /// <summary>Writes the string's value in UTF-8 and returns its length; a lone surrogate becomes U+FFFD, as in Go.</summary>
    /// <param name="raw">What stands between the quotes of a valid JSON string.</param>
    /// <param name="value">As long as <paramref name="raw"/>: a value is never longer than its escaped form.</param>
    public static int Unescape(ReadOnlySpan<byte> raw, Span<byte> value)
    {
        var length = 0;
        while (true)
        {
            var plain = raw.IndexOf((byte)'\\');
            if (plain < 0)
            {
                raw.CopyTo(value[length..]);
                return length + raw.Length;
            }

            raw[..plain].CopyTo(value[length..]);
            length += plain;
            raw = raw[plain..];
            raw = raw[UnescapeOne(raw, value, ref length)..];
        }
    }

    static int UnescapeOne(ReadOnlySpan<byte> raw, Span<byte> value, ref int length)
    {
        if (raw[1] != (byte)'u')
        {
            value[length++] = raw[1] switch
            {
                (byte)'b' => (byte)'\b',
                (byte)'f' => (byte)'\f',
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'t' => (byte)'\t',
                var same => same,
            };
            return 2;
        }

        var high = Unit(raw);
        if (char.IsHighSurrogate(high)
            && raw.Length >= 12 && raw[6] == (byte)'\\' && raw[7] == (byte)'u' && char.IsLowSurrogate(Unit(raw[6..])))
        {
            length += new Rune(high, Unit(raw[6..])).EncodeToUtf8(value[length..]);
            return 12;
        }

        length += (Rune.TryCreate(high, out var rune) ? rune : Rune.ReplacementChar).EncodeToUtf8(value[length..]);
        return 6;
    }

    static char Unit(ReadOnlySpan<byte> escape) =>
        (char)((Digit(escape[2]) << 12) | (Digit(escape[3]) << 8) | (Digit(escape[4]) << 4) | Digit(escape[5]));

    static int Digit(byte digit) => digit <= (byte)'9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
