namespace ClusterTrail.Agent.Sources;

/// <summary>CRC-32 over GF(2): what makes the sum of two pieces out of theirs, so that a sum goes on after a restart.</summary>
static class Crc32Join
{
    const uint Polynomial = 0xedb88320;
    const uint One = 0x80000000;

    /// <summary>The CRC-32 of two pieces, one after the other.</summary>
    /// <param name="secondLength">How many bytes the second piece has.</param>
    public static uint Join(uint first, uint second, long secondLength) => Multiply(PowerOfX(8 * (ulong)secondLength), first) ^ second;

    static uint PowerOfX(ulong exponent)
    {
        var (result, square) = (One, One >> 1);
        for (; exponent > 0; exponent >>= 1, square = Multiply(square, square))
        {
            result = (exponent & 1) == 1 ? Multiply(square, result) : result;
        }

        return result;
    }

    static uint Multiply(uint left, uint right)
    {
        var product = 0u;
        for (var bit = One; bit != 0; bit >>= 1)
        {
            product ^= (left & bit) != 0 ? right : 0;
            right = (right & 1) != 0 ? (right >> 1) ^ Polynomial : right >> 1;
        }

        return product;
    }
}
