using System.Buffers;
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
        buckets = [.. Enumerable.Range(0, Size(names.Length)).Select(_ => Array.Empty<(byte[], int)>())];
        for (var at = 0; at < names.Length; at++)
        {
            var name = Encoding.UTF8.GetBytes(names[at]);
            ref var bucket = ref buckets[BucketOf(name)];
            bucket = [.. bucket, (name, at + 1)];
        }
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

    static int Size(int count) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, count * 2));

    // Names of verbs and resources differ in length, beginning or end.
    int BucketOf(ReadOnlySpan<byte> name) =>
        name.IsEmpty ? 0 : ((name.Length * 31) + (name[0] * 7) + (name[^1] * 13) + (name[name.Length / 2] * 3)) & (buckets.Length - 1);
}
