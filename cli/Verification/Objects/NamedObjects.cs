using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ClusterTrail.Verification.Objects;

/// <summary>All names that the digests of a node name, a sum for each day.</summary>
/// <remarks>
/// Guarantee: two sets of names with the same sum are the same set. Each name counts with its hash under a key that is drawn at the
/// start, so that nobody can choose names that make up for others. Memory does not grow with the number of names.
/// </remarks>
sealed class NamedObjects
{
    const int KeyBytes = 32;
    const int MostNameBytes = 2048;

    readonly byte[] key = RandomNumberGenerator.GetBytes(KeyBytes);
    readonly Dictionary<string, Day> days = new(StringComparer.Ordinal);

    /// <param name="position">Of the digest that names it.</param>
    public void Add(string date, string name, int position)
    {
        var day = days.GetValueOrDefault(date, new(0, 0, position, position));
        days[date] = new(unchecked(day.Sum + Hash(name)), day.Count + 1, Math.Min(day.First, position), Math.Max(day.Last, position));
    }

    /// <summary>Whether these are the names of the day, each once.</summary>
    public bool Matches(string date, IReadOnlyCollection<string> names)
    {
        var day = days.GetValueOrDefault(date);
        return day.Count == names.Count && names.Aggregate((UInt128)0, (sum, name) => unchecked(sum + Hash(name))) == day.Sum;
    }

    /// <summary>The positions of the digests that name objects of the day: none outside of them does.</summary>
    public Range DigestsOf(string date) => days.TryGetValue(date, out var day) ? day.First..(day.Last + 1) : 0..0;

    UInt128 Hash(string name)
    {
        Span<byte> text = stackalloc byte[KeyBytes + MostNameBytes];
        key.CopyTo(text);
        var bytes = Encoding.UTF8.TryGetBytes(name, text[KeyBytes..], out var written)
            ? text[..(KeyBytes + written)]
            : [.. key, .. Encoding.UTF8.GetBytes(name)];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    readonly record struct Day(UInt128 Sum, long Count, int First, int Last);
}
