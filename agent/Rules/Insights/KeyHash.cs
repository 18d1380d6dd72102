using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ClusterTrail.Rules.Insights;

/// <summary>A number of 64 bits for a text, by a seed that clients do not know; the hash of one text can be the seed of the next.</summary>
/// <remarks>
/// Multiplies and folds as wyhash does, 16 bytes at a time. Each factor is mixed with a number that follows from the seed, and the two
/// numbers differ: otherwise a client could choose a text that makes a factor zero, or that swaps both. The length alone is mixed with a
/// number that all know: no text is as long as that. The seed is not safe from somebody who sees hashes; nobody does.
/// </remarks>
static class KeyHash
{
    const ulong First = 0xA0761D6478BD642F;
    const ulong Second = 0xE7037ED1A0B428DB;
    const ulong Third = 0x8EBC6AF09C88C6E3;
    const int Step = 2 * sizeof(ulong);

    public static ulong Of(ulong seed, ReadOnlySpan<byte> text) => End(Add(Begin(seed, (ulong)text.Length), seed, text), seed);

    /// <summary>Begins a hash of several parts.</summary>
    /// <param name="length">The length of its only text, or something else that tells where each text ends.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Begin(ulong seed, ulong length) => Fold(seed ^ First, length ^ Second);

    public static ulong Add(ulong hash, ulong seed, ReadOnlySpan<byte> text)
    {
        for (; text.Length > Step; text = text[Step..])
        {
            hash = Add(hash, seed, Eight(text), Eight(text[sizeof(ulong)..]));
        }

        var (start, end) = Last(text);
        return Add(hash, seed, start, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Add(ulong hash, ulong seed, ulong one, ulong other) => Fold(hash ^ one, seed ^ Second ^ other);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong End(ulong hash, ulong seed) => Fold(hash, seed ^ Third);

    // Up to 16 bytes as two numbers; all bytes are in them, some twice. The length is in the hash already.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (ulong Start, ulong End) Last(ReadOnlySpan<byte> text) => text.Length switch
    {
        >= sizeof(ulong) => (Eight(text), Eight(text[^sizeof(ulong)..])),
        >= sizeof(uint) => (BinaryPrimitives.ReadUInt32LittleEndian(text), BinaryPrimitives.ReadUInt32LittleEndian(text[^sizeof(uint)..])),
        > 0 => ((ulong)text[0] << 16 | (ulong)text[text.Length / 2] << 8 | text[^1], 0),
        _ => default,
    };

    static ulong Eight(ReadOnlySpan<byte> text) => BinaryPrimitives.ReadUInt64LittleEndian(text);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Fold(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return high ^ low;
    }
}
