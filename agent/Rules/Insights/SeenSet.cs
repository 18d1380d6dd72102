namespace ClusterTrail.Rules.Insights;

/// <summary>Numbers, with the days on which each was seen first and last: 12 bytes each, and bounded.</summary>
/// <remarks>
/// Caveat: two things with one hash of 64 bits are one: with 65,536 of them the chance that a new one goes unseen is 4 in 10^15.
/// </remarks>
sealed class SeenSet
{
    public const int Days = 90;

    // Of slots; at three quarters a fourth of the things leaves: those not seen for longest.
    const int Slots = 1 << 17;
    public const int MaxCount = Slots / 4 * 3;

    ulong[] hashes = new ulong[Slots];
    ushort[] first = new ushort[Slots];
    ushort[] last = new ushort[Slots];

    public int Count { get; private set; }

    /// <summary>How many were forgotten before their time, for lack of room.</summary>
    public long Forgotten { get; private set; }

    /// <summary>Notes it as seen today; true when it was not in the set.</summary>
    /// <param name="since">The first day on which it was seen.</param>
    public bool Add(ulong hash, ushort day, out ushort since)
    {
        hash |= 1;
        var at = SlotOf(hash);
        var isNew = hashes[at] == 0;
        if (isNew)
        {
            Put(at, hash, day, day);
        }

        last[at] = Math.Max(last[at], day);
        since = first[at];
        if (Count > MaxCount)
        {
            MakeRoom();
        }

        return isNew;
    }

    /// <summary>Forgets what was not seen for <see cref="Days"/>.</summary>
    public void Expire(ushort today) => Keep(seen => today - seen <= Days);

    /// <summary>Puts something back as it was saved.</summary>
    public void Restore(ulong hash, ushort firstDay, ushort lastDay)
    {
        if (Count < MaxCount)
        {
            Put(SlotOf(hash | 1), hash | 1, firstDay, lastDay);
        }
    }

    public IEnumerable<(ulong Hash, ushort First, ushort Last)> All() =>
        from at in Enumerable.Range(0, Slots)
        where hashes[at] != 0
        select (hashes[at], first[at], last[at]);

    void MakeRoom()
    {
        var days = All().Select(one => one.Last).Order().ToList();
        var limit = days[days.Count / 4];
        var before = Count;
        // Of those of the same day, as many as there is room for.
        var left = (MaxCount / 4 * 3) - days.Count(day => day > limit);
        Keep(seen => seen > limit || (seen == limit && left-- > 0));
        Forgotten += before - Count;
    }

    void Keep(Predicate<ushort> isKept)
    {
        var all = All().ToList();
        (hashes, first, last, Count) = (new ulong[Slots], new ushort[Slots], new ushort[Slots], 0);
        foreach (var one in all)
        {
            if (isKept(one.Last))
            {
                Put(SlotOf(one.Hash), one.Hash, one.First, one.Last);
            }
        }
    }

    void Put(int at, ulong hash, ushort firstDay, ushort lastDay)
    {
        Count += hashes[at] == 0 ? 1 : 0;
        (hashes[at], first[at], last[at]) = (hash, firstDay, lastDay);
    }

    int SlotOf(ulong hash)
    {
        var at = (int)(hash >> 32) & (Slots - 1);
        while (hashes[at] != 0 && hashes[at] != hash)
        {
            at = (at + 1) & (Slots - 1);
        }

        return at;
    }
}
