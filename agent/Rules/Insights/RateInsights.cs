using System.Runtime.InteropServices;

namespace ClusterTrail.Rules.Insights;

/// <summary>The rates of the most frequent kinds of calls and users of one source, minute by minute.</summary>
/// <remarks>
/// Not safe for several threads. Memory is bounded by the capacity: some 3 KB a key. The end of a minute costs what happened in it: a key
/// without an event takes its silent minutes when it has one again, or the hour ends, which gives the same.
/// </remarks>
sealed class RateInsights
{
    public const int DefaultCapacity = 1024;

    readonly TopTable<RateKey> kinds;
    readonly TopTable<RateKey> users;

    // The whole minutes since all keys took them.
    readonly List<Minute> whole = [];

    readonly DueKeys due = new();
    readonly RepeatedCalls repeated = new();
    Minute? last;
    long? endedDay;

    /// <param name="capacity">How many kinds of calls, and how many users, are known at most.</param>
    public RateInsights(int capacity = DefaultCapacity) =>
        (kinds, users) = (new(capacity, slot => new(Method.FloorOfKind, slot)), new(capacity, slot => new(Method.FloorOfUser, slot)));

    public TopTable<RateKey> Kinds => kinds;

    public TopTable<RateKey> Users => users;

    /// <summary>The last minute that was learnt; null before there is one.</summary>
    public Minute? Last
    {
        get => last;
        set => (last, endedDay) = (value, value is { EndsDay: true } minute ? minute.Day : null);
    }

    /// <summary>Sees each key before its minute is taken; for replays, which draw it.</summary>
    public Action<RateKey, Minute>? Closing { get; init; }

    /// <summary>The whole minutes since the start or the last long gap, up to <see cref="Method.RecentMinutes"/>.</summary>
    public int KnownMinutes { get; set; }

    public int KnownDays { get; set; }

    /// <summary>How many minutes not all keys have taken.</summary>
    public int Untaken => whole.Count;

    /// <summary>Counts a call for its kind and its user, if it came before and is still known.</summary>
    /// <param name="call">The hash of all that matters of it.</param>
    public bool CountAgain(ulong call) => repeated.TryCount(call);

    /// <summary>Lets <see cref="CountAgain"/> count such calls, unless a key of theirs is crowded.</summary>
    public void Repeat(in RepeatedCall call) => repeated.Add(call);

    /// <summary>Notes who makes a call of a key, and with what, if it is watched.</summary>
    public void Contribute(RateKey key, in EventHashes hashes, ReadOnlySpan<byte> user, ReadOnlySpan<byte> agent)
    {
        if (!key.IsWatched)
            return;
        var wasCrowded = key.IsCrowded;
        key.Contribute(hashes, user, agent);
        if (key.IsCrowded && !wasCrowded)
        {
            CountRepeated();
            repeated.ForgetThose(static call => call.IsCrowded);
        }
    }

    /// <summary>Forgets which calls came before: the next ones look for their keys again.</summary>
    public void ForgetCalls()
    {
        CountRepeated();
        repeated.Forget();
    }

    /// <summary>Counts a call of a kind.</summary>
    public RateKey CountKind(
        ulong hash, ReadOnlySpan<byte> verb, ReadOnlySpan<byte> group, ReadOnlySpan<byte> resource, bool isError)
    {
        var slot = kinds.Find(hash);
        if (slot < 0)
            slot = Admit(kinds, hash, RateKey.NameOf(verb, group, resource));
        return Count(kinds, slot, 1, isError);
    }

    /// <summary>Counts a call of a user.</summary>
    public RateKey CountUser(ulong hash, ReadOnlySpan<byte> user, bool isError)
    {
        var slot = users.Find(hash);
        if (slot < 0)
            slot = Admit(users, hash, RateKey.NameOf(user));
        return Count(users, slot, 1, isError);
    }

    /// <summary>A minute is over.</summary>
    /// <param name="isWhole">False: events of it were not seen, so it says nothing.</param>
    public void Close(Minute minute, bool isWhole, List<RateInsight> insights)
    {
        CountRepeated();
        if (last is { } latest && minute.Day > latest.Day)
        {
            EndDays(latest.Day, minute.Day);
        }

        var unknown = last is { } before ? minute.Number - before.Number - 1 : 0;
        if (unknown is > Method.GapMinutes or < 0)
        {
            Interrupt(unknown is > Method.LongGapMinutes or < -Method.LongGapMinutes, insights);
        }

        last = minute;
        if (isWhole)
        {
            CloseWhole(minute, insights);
        }
        else
        {
            due.Discard();
        }
    }

    /// <summary>All keys take the minutes that are over; what is known of a key counts after that only.</summary>
    public void CatchUp()
    {
        CountRepeated();
        Each(key => key.CatchUp(CollectionsMarshal.AsSpan(whole)));
        whole.Clear();
    }

    void CloseWhole(Minute minute, List<RateInsight> insights)
    {
        if (Closing is not null)
        {
            CatchUp();
            Each(key => Closing(key, minute));
        }

        if (due.Close(minute, CollectionsMarshal.AsSpan(whole), insights))
        {
            // Who makes the calls of it, and with what, is to be noted.
            repeated.ForgetThose(static call => call.IsNewlyWatched);
        }

        whole.Add(minute);
        if (minute.EndsHour || whole.Count == Method.RecentMinutes)
        {
            CatchUp();
        }

        KnownMinutes = Math.Min(KnownMinutes + 1, Method.RecentMinutes);
        if (minute.EndsDay)
        {
            EndDay(minute.Day);
        }
    }

    // The keys end it with its last minute.
    void EndDay(long day)
    {
        kinds.Halve();
        users.Halve();
        KnownDays++;
        endedDay = day;
    }

    // Of a cluster that is off at night the last minute of a day is never seen.
    void EndDays(long from, long to)
    {
        CatchUp();
        if (endedDay != from)
        {
            Each(key => key.EndDay(Minute.LastOf(from), isKnown: true));
            EndDay(from);
        }

        // Habits are by days that follow each other. After a longer gap, or a jump of the clock, they stay what they were.
        for (var day = from + 1; day < to && to - from <= Method.BurstDays; day++)
        {
            var last = Minute.LastOf(day);
            Each(key => key.EndDay(last, isKnown: false));
        }
    }

    /// <summary>What comes next does not follow on what was before.</summary>
    /// <param name="isLong">Whether the recent minutes say nothing of it.</param>
    public void Interrupt(bool isLong, List<RateInsight> insights)
    {
        CatchUp();
        Each(key =>
        {
            var (calls, errors) = (key.Calls, key.Errors);
            key.Interrupt(insights);
            (key.Calls, key.Errors) = (calls, errors);
            if (isLong)
            {
                key[RateMeasure.Calls].Series.Recent.Reset(0);
                key[RateMeasure.Errors].Series.Recent.Reset(0);
            }
        });
        KnownMinutes = isLong ? 0 : KnownMinutes;
    }

    // A key that another had to leave for may have been here before: nothing is known of it.
    int Admit(TopTable<RateKey> table, ulong hash, byte[] name)
    {
        var isKnown = table.Replaced == 0 && !table.IsFull;
        if (table.IsFull)
        {
            // By their counts it is decided who leaves, and a slot becomes another's.
            ForgetCalls();
        }

        var slot = table.Admit(hash);
        table[slot].Become(name, isKnown ? KnownMinutes : 0, isKnown ? KnownDays : 0, whole.Count);
        return slot;
    }

    void CountRepeated() => repeated.Drain(this, static (rates, call, times) =>
    {
        rates.Count(rates.kinds, call.Kind.Slot, times, call.IsError).ContributeAgain(call.Hashes, times);
        rates.Count(rates.users, call.User.Slot, times, call.IsError).ContributeAgain(call.Hashes, times);
    });

    RateKey Count(TopTable<RateKey> table, int slot, int calls, bool isError)
    {
        table.Increase(slot, calls);
        var key = table[slot];
        key.Calls += calls;
        key.Errors += isError ? calls : 0;
        due.Add(key);
        return key;
    }

    void Each(Action<RateKey> act)
    {
        foreach (var table in (ReadOnlySpan<TopTable<RateKey>>)[kinds, users])
        {
            for (var slot = 0; slot < table.Count; slot++)
            {
                act(table[slot]);
            }
        }
    }
}
