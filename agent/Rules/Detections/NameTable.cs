using System.Buffers;
using System.Numerics;
using System.Text;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Detections;

/// <summary>A few known names with a number each, found by their bytes.</summary>
sealed class NameTable
{
    readonly string[] names;
    readonly (byte[] Name, int Number)[][] buckets;
    readonly bool hasEscapes;

    public NameTable(IEnumerable<string> all)
    {
        names = [.. all.Distinct()];
        hasEscapes = names.Any(name => name.Contains('\\', StringComparison.Ordinal));
        buckets = new (byte[], int)[BitOperations.RoundUpToPowerOf2((uint)names.Length + 1)][];
        var filed = names.Select((name, at) => (Name: Encoding.UTF8.GetBytes(name), Number: at + 1)).ToLookup(one => BucketOf(one.Name));
        for (var bucket = 0; bucket < buckets.Length; bucket++)
            buckets[bucket] = [.. filed[bucket]];
    }

    /// <summary>The names, in the order of their numbers.</summary>
    public IReadOnlyList<string> All => names;

    /// <summary>The name's number, from 1; 0 when it is not known.</summary>
    /// <param name="written">The string between its quotes, with its escapes.</param>
    // What is written may mean a name without being the same bytes, and be the same bytes without meaning it; both only with escapes.
    public int Find(ReadOnlySpan<byte> written)
    {
        var found = FindPlain(written);
        return (found == 0 || hasEscapes) && written.Contains((byte)'\\') ? FindUnescaped(written) : found;
    }

    int FindUnescaped(ReadOnlySpan<byte> written)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(written.Length);
        var found = FindPlain(buffer.AsSpan(0, JsonEscapes.Unescape(written, buffer)));
        ArrayPool<byte>.Shared.Return(buffer);
        return found;
    }

    int FindPlain(ReadOnlySpan<byte> name)
    {
        foreach (var (known, number) in buckets[BucketOf(name)])
        {
            if (name.SequenceEqual(known))
            {
                return number;
            }
        }

        return 0;
    }

    int BucketOf(ReadOnlySpan<byte> name)
    {
        var hash = new HashCode();
        hash.AddBytes(name);
        return hash.ToHashCode() & (buckets.Length - 1);
    }
}
