namespace ClusterTrail.Rules.Insights;

/// <summary>The names that come most often, of a few that are counted (Space-Saving), without allocating.</summary>
sealed class TopNames
{
    const int Capacity = 16;
    const int MaxBytes = 128;

    readonly ulong[] hashes = new ulong[Capacity];
    readonly long[] counts = new long[Capacity];
    readonly int[] lengths = new int[Capacity];
    readonly byte[] texts = new byte[Capacity * MaxBytes];
    int used;

    /// <summary>The names, the most frequent first.</summary>
    public IReadOnlyList<Contribution> Top(int most)
    {
        var order = Enumerable.Range(0, used).OrderByDescending(at => counts[at]).ThenBy(at => at).Take(most);
        return [.. order.Select(at => new Contribution(EventText.Of(texts.AsSpan(at * MaxBytes, lengths[at])), counts[at]))];
    }

    public void Clear() => used = 0;

    /// <summary>Whether another name takes the place of one that is counted.</summary>
    public bool IsFull => used == Capacity;

    /// <summary>Counts one that is counted already.</summary>
    public void CountAgain(ulong hash, int times) => counts[Find(hash)] += times;

    public void Count(ulong hash, ReadOnlySpan<byte> name)
    {
        var at = Find(hash);
        if (at < 0)
        {
            at = Take();
            hashes[at] = hash;
            lengths[at] = Math.Min(name.Length, MaxBytes);
            name[..lengths[at]].CopyTo(texts.AsSpan(at * MaxBytes));
        }

        counts[at]++;
    }

    int Find(ulong hash) => hashes.AsSpan(0, used).IndexOf(hash);

    int Take()
    {
        if (used < Capacity)
        {
            counts[used] = 0;
            return used++;
        }

        return counts.IndexOf(counts.Min());
    }
}
