namespace ClusterTrail.Rules.Insights;

/// <summary>A user, or a verb on a kind of object: its counts in this minute, and what is usual.</summary>
/// <param name="slot">Its place in the table of such keys.</param>
sealed class RateKey(float floor, int slot)
{
    const int MaxBytes = 256;

    readonly RateWatch calls = new(floor);
    readonly RateWatch errors = new(Method.FloorOfErrors);
    TopNames? users;
    TopNames? agents;

    public int Slot => slot;

    /// <summary>The user; or verb, group and resource, apart by zeros.</summary>
    public byte[] Name { get; private set; } = [];

    /// <summary>The events of the minute that is not over.</summary>
    public int Calls { get; set; }
    public int Errors { get; set; }

    /// <summary>Whether it takes the minute when that ends, and not later.</summary>
    public bool IsDue { get; set; }

    /// <summary>How many whole days are known of it.</summary>
    public int Days { get; set; }

    public RateWatch this[RateMeasure measure] => measure == RateMeasure.Calls ? calls : errors;

    /// <summary>Whether its contributors are counted.</summary>
    public bool IsWatched { get; private set; }

    /// <summary>
    /// Whether it is watched and has no room for another contributor: a new one makes the one with the lowest count leave, so the order of
    /// calls matters.
    /// </summary>
    public bool IsCrowded => IsWatched && (users!.IsFull || agents!.IsFull);

    /// <summary>Whether it is watched since the last minute.</summary>
    public bool IsNewlyWatched { get; private set; }

    /// <summary>Makes it the one of another key.</summary>
    /// <param name="silent">For how many minutes it is known to have had no event.</param>
    /// <param name="untaken">How many of these not all keys have taken.</param>
    public void Become(byte[] name, int silent, int days, int untaken = 0)
    {
        Name = name;
        (Calls, Errors, Days) = (0, 0, days);
        calls.Reset(silent, untaken);
        errors.Reset(silent, untaken);
        Watch();
    }

    /// <summary>The minute that is about to be taken, beside what is usual.</summary>
    public RateMinute MinuteOf(RateMeasure measure, Minute minute)
    {
        var (series, rate) = (this[measure].Series, measure == RateMeasure.Calls ? Calls : Errors);
        if (!series.IsJudged)
            return new(minute, rate, null, null);
        var baseline = series.Baseline(minute, LeastOf(measure));
        return new(minute, rate, baseline, series.Limit(minute, baseline));
    }

    /// <summary>Notes a contributor to a watched key.</summary>
    public void Contribute(in EventHashes hashes, ReadOnlySpan<byte> user, ReadOnlySpan<byte> agent)
    {
        users!.Count(hashes.User, user);
        agents!.Count(hashes.Agent, agent);
    }

    /// <summary>Notes that a contributor came again; nothing if the key is not watched.</summary>
    public void ContributeAgain(in EventHashes hashes, int times)
    {
        if (IsWatched)
        {
            users!.CountAgain(hashes.User, times);
            agents!.CountAgain(hashes.Agent, times);
        }
    }

    /// <summary>Takes the minutes that it has not: it had no event in them, and was not watched, so nothing is unusual.</summary>
    /// <param name="minutes">Those that not all keys have taken.</param>
    public void CatchUp(ReadOnlySpan<Minute> minutes)
    {
        CatchUp(RateMeasure.Calls, minutes);
        CatchUp(RateMeasure.Errors, minutes);
        (calls.Taken, errors.Taken) = (0, 0);
    }

    /// <summary>Takes the minute that is over.</summary>
    /// <param name="minutes">Those before it that not all keys have taken.</param>
    public void Close(Minute minute, ReadOnlySpan<Minute> minutes, List<RateInsight> insights)
    {
        CatchUp(RateMeasure.Calls, minutes);
        // Most calls do not fail: a minute without errors is taken later, as one without events is.
        if (Errors == 0 && !IsWatched)
        {
            Close(RateMeasure.Calls, minute, Calls, 0, insights);
        }
        else
        {
            CatchUp(RateMeasure.Errors, minutes);
            var share = LeastOf(RateMeasure.Errors);
            Close(RateMeasure.Calls, minute, Calls, 0, insights);
            Close(RateMeasure.Errors, minute, Errors, share, insights);
        }

        Days += minute.EndsDay ? 1 : 0;
        (Calls, Errors) = (0, 0);
        Watch();
    }

    void CatchUp(RateMeasure measure, ReadOnlySpan<Minute> minutes)
    {
        var watch = this[measure];
        var isAtRest = watch.Series.IsAtRest;
        for (; watch.Taken < minutes.Length; watch.Taken++)
        {
            var minute = minutes[watch.Taken];
            if (isAtRest && !minute.EndsHour)
                continue;
            watch.Close(minute, rate: 0, least: 0, Days);
            isAtRest = watch.Series.IsAtRest;
            Days += measure == RateMeasure.Calls && minute.EndsDay ? 1 : 0;
        }
    }

    void Close(RateMeasure measure, Minute minute, int rate, float least, List<RateInsight> insights)
    {
        var watch = this[measure];
        if (watch.Close(minute, rate, least, Days))
        {
            insights.Add(InsightOf(measure, watch.IsOpen ? StretchEnd.None : StretchEnd.Calm));
        }

        watch.Taken++;
    }

    /// <summary>A day is over of which the last minute was not seen.</summary>
    /// <param name="isKnown">False: nothing of it was seen.</param>
    public void EndDay(Minute last, bool isKnown)
    {
        Days += isKnown ? 1 : 0;
        calls.Series.Bursts.EndDay(last);
        errors.Series.Bursts.EndDay(last);
    }

    /// <summary>There are unknown minutes after the last one.</summary>
    public void Interrupt(List<RateInsight> insights)
    {
        foreach (var measure in (ReadOnlySpan<RateMeasure>)[RateMeasure.Calls, RateMeasure.Errors])
        {
            if (this[measure].Interrupt())
            {
                insights.Add(InsightOf(measure, StretchEnd.Interrupted));
            }
        }

        (Calls, Errors) = (0, 0);
        Watch();
    }

    public static byte[] NameOf(ReadOnlySpan<byte> verb, ReadOnlySpan<byte> group, ReadOnlySpan<byte> resource) =>
        [.. NameOf(verb), 0, .. NameOf(group), 0, .. NameOf(resource)];

    public static byte[] NameOf(ReadOnlySpan<byte> user) => user[..Math.Min(user.Length, MaxBytes)].ToArray();

    // When calls are more than usual, so may be errors.
    float LeastOf(RateMeasure measure) => measure == RateMeasure.Calls || Calls == 0 ? 0
        : errors.Series.Recent.Median / Math.Max(1, calls.Series.Recent.Median) * Calls;

    RateInsight InsightOf(RateMeasure measure, StretchEnd end)
    {
        var stretch = this[measure].Stretch;
        return new()
        {
            Subject = Subject(),
            Measure = measure,
            End = end,
            Baseline = stretch.Baseline,
            Observed = stretch.Mean,
            Peak = stretch.Peak,
            From = stretch.First.Start,
            To = stretch.Last.End,
            // Before it is watched, they are those of another stretch.
            Users = IsWatched ? users!.Top(Method.Contributors) : [],
            UserAgents = IsWatched ? agents!.Top(Method.Contributors) : [],
        };
    }

    void Watch()
    {
        var isWatched = calls.IsSuspected || errors.IsSuspected;
        IsNewlyWatched = isWatched && !IsWatched;
        if (IsNewlyWatched)
        {
            (users, agents) = (users ?? new(), agents ?? new());
            users.Clear();
            agents.Clear();
        }

        IsWatched = isWatched;
    }

    public RateSubject Subject()
    {
        var (first, last) = (Name.IndexOf((byte)0), Name.LastIndexOf((byte)0));
        return first < 0 ? new(EventText.Of(Name), null, null, null)
            : new(null, Part(0, first), Part(first + 1, last), Part(last + 1, Name.Length));

        string Part(int from, int to) => EventText.Of(Name.AsSpan(from, to - from));
    }
}
