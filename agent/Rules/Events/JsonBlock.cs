using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ClusterTrail.Rules.Events;

/// <summary>
/// Which of 64 bytes of JSON are what, one bit a byte: the first half of Langdale and Lemire, "Parsing Gigabytes of JSON per Second"
/// (2019).
/// </summary>
[SkipLocalsInit]
readonly ref struct JsonBlock
{
    public const int Size = 64;

    readonly ref readonly byte start;

    public JsonBlock(ref readonly byte start) => this.start = ref start;

    public ulong Quotes => EqualTo((byte)'"');

    public ulong Backslashes => EqualTo((byte)'\\');

    /// <summary>Opening and closing braces and brackets, colons and commas.</summary>
    public ulong Operators
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            return Mask(Half(0)) | ((ulong)Mask(Half(32)) << 32);

            // Or-ing 0x20 turns [ into { and ] into }.
            static uint Mask(Vector256<byte> half)
            {
                var folded = half | Vector256.Create((byte)0x20);
                return (Vector256.Equals(folded, Vector256.Create((byte)'{')) | Vector256.Equals(folded, Vector256.Create((byte)'}'))
                    | Vector256.Equals(half, Vector256.Create((byte)':'))
                    | Vector256.Equals(half, Vector256.Create((byte)','))).ExtractMostSignificantBits();
            }
        }
    }

    public ulong Spaces => EqualTo((byte)' ');

    /// <summary>Bytes below 0x20.</summary>
    public ulong Controls
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var limit = Vector256.Create((byte)0x20);
            return Vector256.LessThan(Half(0), limit).ExtractMostSignificantBits()
                | ((ulong)Vector256.LessThan(Half(32), limit).ExtractMostSignificantBits() << 32);
        }
    }

    /// <summary>The controls that may stand between tokens.</summary>
    public ulong Breaks => EqualTo((byte)'\t') | EqualTo((byte)'\n') | EqualTo((byte)'\r');

    public ulong NonAscii
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Half(0).ExtractMostSignificantBits() | ((ulong)Half(32).ExtractMostSignificantBits() << 32);
    }

    /// <summary>Turns marks of quotes into marks of all bytes from each opening quote up to its closing one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Between(ulong quotes)
    {
        if (Pclmulqdq.IsSupported)
        {
            return Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(quotes), Vector128<ulong>.AllBitsSet, 0).ToScalar();
        }

        for (var shift = 1; shift < 64; shift <<= 1)
        {
            quotes ^= quotes << shift;
        }

        return quotes;
    }

    /// <summary>
    /// The bytes that a backslash escapes; <paramref name="carry"/> says whether the block before ended in an unfinished escape.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Escaped(ulong backslashes, ref ulong carry)
    {
        if (backslashes == 0)
        {
            var only = carry;
            carry = 0;
            return only;
        }

        return EscapedOfRuns(backslashes, ref carry);
    }

    static ulong EscapedOfRuns(ulong backslashes, ref ulong carry)
    {
        var escaped = carry;
        var remaining = backslashes & ~carry;
        carry = 0;
        while (remaining != 0)
        {
            var at = BitOperations.TrailingZeroCount(remaining);
            if (at == 63)
            {
                carry = 1;
                break;
            }

            escaped |= 2UL << at;
            remaining &= ~(3UL << at);
        }

        return escaped;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    ulong EqualTo(byte value)
    {
        var wanted = Vector256.Create(value);
        return Vector256.Equals(Half(0), wanted).ExtractMostSignificantBits()
            | ((ulong)Vector256.Equals(Half(32), wanted).ExtractMostSignificantBits() << 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Vector256<byte> Half(int offset) => Vector256.LoadUnsafe(in start, (nuint)offset);
}
