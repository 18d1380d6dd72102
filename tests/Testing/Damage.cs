namespace ClusterTrail.Testing;

/// <summary>What disks, networks and strangers make of bytes.</summary>
public static class Damage
{
    const int LongestPiece = 40;

    /// <summary>Some changes in a row: a byte changed, a piece missing, doubled, or another one in between.</summary>
    /// <param name="changes">How many.</param>
    /// <param name="pieces">What is put in between.</param>
    public static byte[] To(ReadOnlySpan<byte> whole, int changes, byte[][] pieces, Random random)
    {
        List<byte> bytes = [.. whole];
        for (; changes > 0 && bytes.Count > 1; changes--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, LongestPiece), bytes.Count - at);
            switch (random.Next(4))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveRange(at, length); break;
                case 2: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                default: bytes.InsertRange(at, random.GetItems(pieces, 1)[0]); break;
            }
        }

        return [.. bytes];
    }
}
