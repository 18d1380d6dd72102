namespace ClusterTrail.Operator.Completeness;

/// <summary>What the last rounds show of an offset, and what so many of them show that it is believed. Pure.</summary>
sealed class RecentRounds
{
    /// <summary>So many are remembered.</summary>
    public const int Most = 10;

    // A disk may be slow once, and a counter be read a moment late: so many rounds of the last ones must show it.
    const int ToBelieve = 3;

    // The least is null of a round that was late: it proves nothing.
    readonly List<(long? Least, long Most)> offsets = [];

    /// <summary>Whether there are enough to believe what the offset is at most.</summary>
    public bool AreEnough => offsets.Count >= ToBelieve;

    /// <summary>What the offset is at least by enough of them; null when too few prove anything.</summary>
    public long? BelievedLeast => offsets.Select(offset => offset.Least).OfType<long>().OrderDescending().Skip(ToBelieve - 1)
        .Select(least => (long?)least).FirstOrDefault();

    /// <summary>What the offset is at most by enough of them.</summary>
    public long BelievedMost => offsets.Select(offset => offset.Most).Order().ElementAt(ToBelieve - 1);

    /// <summary>What it is at least; of too few rounds, by all of them.</summary>
    public long Least => BelievedLeast ?? offsets.Min(offset => offset.Least)!.Value;

    /// <summary>The least of what it is at most by any of them; null without one.</summary>
    public long? LeastMost => offsets.Count == 0 ? null : offsets.Min(offset => offset.Most);

    public void Clear() => offsets.Clear();

    /// <remarks>The offset never falls: what was not read by an earlier round and is read by now was late.</remarks>
    public void Add(Bounds offset)
    {
        for (var i = 0; i < offsets.Count; i++)
            offsets[i] = offsets[i] with { Least = offsets[i].Least <= offset.Most ? offsets[i].Least : null };
        offsets.Add((offset.Least, offset.Most));
        if (offsets.Count > Most)
            offsets.RemoveAt(0);
    }

    /// <summary>Forgets the rounds from before the offset was at least so much: what they show is known.</summary>
    public void ForgetBelow(long least) => offsets.RemoveAll(offset => offset.Most < least);

    /// <summary>Forgets the rounds that were late, and those before them.</summary>
    public void ForgetLate() => offsets.RemoveRange(0, offsets.FindLastIndex(offset => offset.Least is null) + 1);
}
