using System.Buffers.Binary;

namespace ClusterTrail.Rules.Insights;

/// <summary>A number of 64 bits for some texts, by a seed that clients do not know.</summary>
static class KeyHash
{
    const ulong Odd = 0x9E3779B97F4A7C15;

    public static ulong Of(ulong seed, ReadOnlySpan<byte> text)
    {
        var hash = Fold(seed ^ (ulong)text.Length, Odd);
        for (; text.Length >= sizeof(ulong); text = text[sizeof(ulong)..])
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(text), Odd ^ seed);
        }

        var rest = 0UL;
        foreach (var one in text)
        {
            rest = (rest << 8) | one;
        }

        return Fold(hash ^ rest, seed | 1);
    }

    // Both halves of the product of 128 bits, as in wyhash.
    static ulong Fold(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right ^ Odd, out var low);
        return high ^ low;
    }
}
