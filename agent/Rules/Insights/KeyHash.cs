using System.Buffers.Binary;

namespace ClusterTrail.Rules.Insights;

/// <summary>A number of 64 bits for a text, by a seed that clients do not know; the hash of one text can be the seed of the next.</summary>
/// <remarks>Multiplies and folds as wyhash does. It is not made to be kept secret from who sees hashes, and nobody does.</remarks>
static class KeyHash
{
    const ulong First = 0xA0761D6478BD642F;
    const ulong Second = 0xE7037ED1A0B428DB;
    const ulong Third = 0x8EBC6AF09C88C6E3;

    public static ulong Of(ulong seed, ReadOnlySpan<byte> text)
    {
        var hash = Fold(seed ^ First, (ulong)text.Length ^ Second);
        for (; text.Length >= sizeof(ulong); text = text[sizeof(ulong)..])
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(text), seed ^ Second);
        }

        var rest = 0UL;
        foreach (var one in text)
        {
            rest = (rest << 8) | one;
        }

        return Fold(Fold(hash ^ rest, seed ^ Third), First);
    }

    static ulong Fold(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return high ^ low;
    }
}
