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

    // In one place, so that a look at one is one miss of the cache.
    SeenThing[] slots = new SeenThing[Slots];

    public int Count { get; private set; }

    /// <summary>How many were forgotten before their time, for lack of room.</summary>
    public long Forgotten { get; private set; }

    /// <summary>Notes it as seen today; true when it was not in the set.</summary>
    /// <param name="since">The first day on which it was seen.</param>
    public bool Add(ulong hash, ushort day, out ushort since)
    {
        hash |= 1;
        var at = SlotOf(hash);
        var isNew = slots[at].IsEmpty;
        if (isNew)
        {
            Put(at, new(hash, day, day));
        }

        ref var seen = ref slots[at];
        seen.Last = Math.Max(seen.Last, day);
        since = seen.First;
        if (Count > MaxCount)
        {
            MakeRoom();
        }

        return isNew;
    }

    /// <summary>Whether it is in the set; it is not seen by that.</summary>
    public bool Has(ulong hash) => !slots[SlotOf(hash | 1)].IsEmpty;

    /// <summary>Forgets what was not seen for <see cref="Days"/>.</summary>
    public void Expire(ushort today) => Keep(seen => today - seen <= Days);

    /// <summary>Puts something back as it was saved.</summary>
    public void Restore(ulong hash, ushort firstDay, ushort lastDay)
    {
        if (Count < MaxCount)
        {
            Put(SlotOf(hash | 1), new(hash | 1, firstDay, lastDay));
        }
    }

    /// <summary>What is in it, between slots that are empty.</summary>
    public ReadOnlySpan<SeenThing> Things => slots;

    void MakeRoom()
    {
        var (days, count) = (new ushort[Count], 0);
        foreach (ref readonly var seen in Things)
        {
            if (!seen.IsEmpty)
            {
                days[count++] = seen.Last;
            }
        }

        Array.Sort(days);
        var limit = days[count / 4];
        // Of those of the same day, as many as there is room for, evenly from all slots: a table that is full at one end has long runs.
        var newer = count - (Array.LastIndexOf(days, limit) + 1);
        var (same, room, due) = (count - newer - Array.IndexOf(days, limit), (MaxCount / 4 * 3) - newer, 0);
        Keep(seen => seen > limit || (seen == limit && IsDue()));
        Forgotten += count - Count;

        bool IsDue()
        {
            due += room;
            var isDue = due >= same;
            due -= isDue ? same : 0;
            return isDue;
        }
    }

    void Keep(Predicate<ushort> isKept)
    {
        var all = slots;
        (slots, Count) = (new SeenThing[Slots], 0);
        foreach (ref readonly var seen in all.AsSpan())
        {
            if (!seen.IsEmpty && isKept(seen.Last))
            {
                Put(SlotOf(seen.Hash), seen);
            }
        }
    }

    void Put(int at, SeenThing thing)
    {
        Count += slots[at].IsEmpty ? 1 : 0;
        slots[at] = thing;
    }

    int SlotOf(ulong hash)
    {
        var at = (int)(hash >> 32) & (Slots - 1);
        while (!slots[at].IsEmpty && slots[at].Hash != hash)
        {
            at = (at + 1) & (Slots - 1);
        }

        return at;
    }
}
