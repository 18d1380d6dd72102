using System.Buffers;

namespace ClusterTrail.Rules.Events;

/// <summary>Numbers and literals (RFC 8259, sections 3 and 6).</summary>
static class JsonScalar
{
    static readonly SearchValues<byte> Ends = SearchValues.Create(",]}: \t\r\n[{"u8);

    /// <summary>The number or literal that starts here.</summary>
    public static ReadOnlySpan<byte> At(ReadOnlySpan<byte> json, int position)
    {
        var rest = json[position..];
        var end = 1;
        while (end < rest.Length && !Ends.Contains(rest[end]))
        {
            end++;
        }

        return rest[..end];
    }

    public static bool IsValid(ReadOnlySpan<byte> json, int position)
    {
        var scalar = At(json, position);
        return scalar[0] switch
        {
            (byte)'t' => scalar.SequenceEqual("true"u8),
            (byte)'f' => scalar.SequenceEqual("false"u8),
            (byte)'n' => scalar.SequenceEqual("null"u8),
            _ => IsNumber(scalar),
        };
    }

    static bool IsNumber(ReadOnlySpan<byte> text)
    {
        if (text[0] == (byte)'-')
        {
            text = text[1..];
        }

        var leadingZero = text.StartsWith("0"u8);
        if (!TrySkipDigits(ref text, out var digits) || (leadingZero && digits > 1))
        {
            return false;
        }

        if (text.StartsWith("."u8))
        {
            text = text[1..];
            if (!TrySkipDigits(ref text, out _))
            {
                return false;
            }
        }

        if (text.IsEmpty || (text[0] | 0x20) != 'e')
        {
            return text.IsEmpty;
        }

        text = text[1..];
        text = !text.IsEmpty && text[0] is (byte)'+' or (byte)'-' ? text[1..] : text;
        return TrySkipDigits(ref text, out _) && text.IsEmpty;
    }

    static bool TrySkipDigits(ref ReadOnlySpan<byte> text, out int digits)
    {
        digits = 0;
        while (digits < text.Length && char.IsAsciiDigit((char)text[digits]))
        {
            digits++;
        }

        text = text[digits..];
        return digits > 0;
    }
}
