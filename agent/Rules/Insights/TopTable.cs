using System.Numerics;

namespace ClusterTrail.Rules.Insights;

/// <summary>The most frequent keys of a stream in bounded memory, each with what is kept for it.</summary>
/// <remarks>
/// Space-Saving, Metwally et al., 2005.
/// Guarantees: of n counted, every key with more than n / capacity is in the table. A count is too high by at most
/// <see cref="ErrorOf"/>, which is at most n / capacity. Caveat: halving makes n one with less weight on what is long ago.
/// </remarks>
sealed class TopTable<T>(int capacity, Func<int, T> create)
    where T : class
{
    readonly T?[] items = new T?[capacity];
    readonly ulong[] hashes = new ulong[capacity];
    readonly long[] counts = new long[capacity];
    readonly long[] errors = new long[capacity];
    readonly int[] buckets = new int[BitOperations.RoundUpToPowerOf2((uint)capacity * 2)];

    public int Count { get; private set; }

    public bool IsFull => Count == capacity;

    /// <summary>How often a key took the place of another.</summary>
    public long Replaced { get; set; }

    public T this[int slot] => items[slot]!;

    public ulong HashOf(int slot) => hashes[slot];

    public long CountOf(int slot) => counts[slot];

    public long ErrorOf(int slot) => errors[slot];

    /// <summary>The key's slot, or -1.</summary>
    public int Find(ulong hash)
    {
        var mask = buckets.Length - 1;
        for (var at = (int)hash & mask; buckets[at] != 0; at = (at + 1) & mask)
        {
            if (hashes[buckets[at] - 1] == hash)
                return buckets[at] - 1;
        }

        return -1;
    }

    public void Increase(int slot, long by) => counts[slot] += by;

    /// <summary>Gives a new key a slot, with the item of the key that it replaces, or another.</summary>
    public int Admit(ulong hash)
    {
        var slot = Count;
        if (IsFull)
        {
            slot = Lowest();
            errors[slot] = counts[slot];
            Unlink(slot);
            Replaced++;
        }
        else
        {
            items[Count++] = create(slot);
            (counts[slot], errors[slot]) = (0, 0);
        }

        hashes[slot] = hash;
        Link(slot);
        return slot;
    }

    /// <summary>Gives a key its slot back, as it was saved.</summary>
    public int Restore(ulong hash, long count, long error)
    {
        var slot = Admit(hash);
        (counts[slot], errors[slot]) = (count, error);
        return slot;
    }

    public void Halve()
    {
        for (var slot = 0; slot < Count; slot++)
        {
            counts[slot] >>= 1;
            errors[slot] >>= 1;
        }
    }

    public void Clear()
    {
        Array.Clear(buckets);
        Array.Clear(items);
        (Count, Replaced) = (0, 0);
    }

    int Lowest()
    {
        var lowest = 0;
        for (var slot = 1; slot < counts.Length; slot++)
        {
            if (counts[slot] < counts[lowest])
                lowest = slot;
        }

        return lowest;
    }

    void Link(int slot)
    {
        var mask = buckets.Length - 1;
        var at = (int)hashes[slot] & mask;
        while (buckets[at] != 0)
        {
            at = (at + 1) & mask;
        }

        buckets[at] = slot + 1;
    }

    // Those behind it move up, so that a search that stops at an empty bucket misses none.
    void Unlink(int slot)
    {
        var mask = buckets.Length - 1;
        var at = (int)hashes[slot] & mask;
        while (buckets[at] != slot + 1)
        {
            at = (at + 1) & mask;
        }

        buckets[at] = 0;
        for (at = (at + 1) & mask; buckets[at] != 0; at = (at + 1) & mask)
        {
            var moved = buckets[at] - 1;
            buckets[at] = 0;
            Link(moved);
        }
    }
}
