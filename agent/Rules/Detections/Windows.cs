using ClusterTrail.Contract.Detections;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Detections;

/// <summary>A rule's bursts in the making: how many events of each key fell into its window, and which they were.</summary>
sealed class Windows(Threshold threshold)
{
    /// <summary>How many keys are remembered.</summary>
    public const int Capacity = 1024;

    /// <summary>How many events of a burst are named as its evidence: the first ones, and the one that made it one.</summary>
    public const int EvidenceKept = 5;

    readonly WindowKey key = new(threshold.By);
    readonly WindowKey? distinct = threshold.Distinct is { } path ? new([path]) : null;
    readonly long[] values = threshold.Distinct is null ? [] : new long[Capacity * threshold.Count];
    readonly long length = TimeSpan.FromSeconds(threshold.WindowSeconds).Ticks;
    readonly Dictionary<long, int> places = new(Capacity);
    readonly Window[] windows = new Window[Capacity];
    readonly Position[] evidence = new Position[Capacity * EvidenceKept];
    int used;
    long evicted;

    /// <summary>How many keys gave way to others before their window had passed, since this was last asked.</summary>
    public long TakeEvicted()
    {
        var taken = evicted;
        evicted = 0;
        return taken;
    }

    /// <summary>Counts an event; true when it completes a burst.</summary>
    /// <param name="at">The event's time in ticks.</param>
    public bool Note(in AuditEvent audit, Position position, long at, out ReadOnlySpan<Position> proof)
    {
        var place = PlaceOf(key.Of(audit), at);
        ref var window = ref windows[place];
        if (distinct is not null && !IsNew(distinct.Of(audit), place, window.Count))
        {
            proof = default;
            return false;
        }

        var kept = evidence.AsSpan(place * EvidenceKept, EvidenceKept);
        kept[Math.Min(window.Count, EvidenceKept - 1)] = position;
        window.Count++;
        proof = kept[..Math.Min(window.Count, EvidenceKept)];
        return window.Count == threshold.Count;
    }

    // No value is remembered twice, and none after those that make a burst.
    bool IsNew(long value, int place, int count)
    {
        var known = values.AsSpan(place * threshold.Count, threshold.Count);
        if (count >= threshold.Count || known[..count].Contains(value))
        {
            return false;
        }

        known[count] = value;
        return true;
    }

    int PlaceOf(long keyOfEvent, long at)
    {
        if (!places.TryGetValue(keyOfEvent, out var place))
        {
            place = used < Capacity ? used++ : Free(at);
            places.Add(keyOfEvent, place);
            windows[place] = new() { Key = keyOfEvent, Start = at };
        }
        // A clock that was set back by more than a window ends it too: the rule would be blind until it has caught up.
        else if (Math.Abs(at - windows[place].Start) >= length)
        {
            windows[place] = new() { Key = keyOfEvent, Start = at };
        }

        return place;
    }

    int Free(long at)
    {
        var oldest = 0;
        for (var place = 1; place < Capacity; place++)
        {
            oldest = windows[place].Start < windows[oldest].Start ? place : oldest;
        }

        evicted += at - windows[oldest].Start < length ? 1 : 0;
        places.Remove(windows[oldest].Key);
        return oldest;
    }

    struct Window
    {
        public long Key;
        public long Start;
        public int Count;
    }
}
