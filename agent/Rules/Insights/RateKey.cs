namespace ClusterTrail.Rules.Insights;

/// <summary>A user, or a verb on a kind of object: its counts in this minute, and what is usual.</summary>
sealed class RateKey(float floor)
{
    const int MaxBytes = 256;

    readonly RateWatch[] watches = [new(floor), new(Method.FloorOfErrors)];
    TopNames? users;
    TopNames? agents;

    /// <summary>The user; or verb, group and resource, apart by zeros.</summary>
    public byte[] Name { get; private set; } = [];

    /// <summary>The events of the minute that is not over.</summary>
    public int Calls { get; set; }
    public int Errors { get; set; }

    /// <summary>How many of the minutes that not all keys have taken it has.</summary>
    public int Taken { get; set; }

    /// <summary>Whether it takes the minute when that ends, and not later.</summary>
    public bool IsDue { get; set; }

    /// <summary>How many whole days are known of it.</summary>
    public int Days { get; set; }

    public RateWatch this[RateMeasure measure] => watches[(int)measure];

    /// <summary>Whether its contributors are counted.</summary>
    public bool IsWatched { get; private set; }

    /// <summary>Makes it the one of another key.</summary>
    /// <param name="silent">For how many minutes it is known to have had no event.</param>
    public void Become(byte[] name, int silent, int days)
    {
        Name = name;
        (Calls, Errors, Days) = (0, 0, days);
        foreach (var watch in watches)
        {
            watch.Reset(silent);
        }

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

    public void Contribute(ulong userHash, ReadOnlySpan<byte> user, ulong agentHash, ReadOnlySpan<byte> agent)
    {
        users!.Count(userHash, user);
        agents!.Count(agentHash, agent);
    }

    /// <summary>Takes the minutes that it has not, in which it had no event: nothing is unusual in them, so it was not watched.</summary>
    /// <param name="minutes">Those that not all keys have taken.</param>
    public void CatchUp(ReadOnlySpan<Minute> minutes)
    {
        for (; Taken < minutes.Length; Taken++)
        {
            foreach (var watch in watches)
            {
                watch.Close(minutes[Taken], rate: 0, least: 0, Days);
            }

            Days += minutes[Taken].EndsDay ? 1 : 0;
        }
    }

    /// <summary>Takes the minute that is over.</summary>
    public void Close(Minute minute, List<RateInsight> insights)
    {
        var share = LeastOf(RateMeasure.Errors);
        Report(RateMeasure.Calls, watches[0].Close(minute, Calls, 0, Days), insights);
        Report(RateMeasure.Errors, watches[1].Close(minute, Errors, share, Days), insights);
        Days += minute.EndsDay ? 1 : 0;
        (Calls, Errors) = (0, 0);
        Watch();
    }

    /// <summary>A day is over of which the last minute was not seen.</summary>
    /// <param name="isKnown">False: nothing of it was seen.</param>
    public void EndDay(Minute last, bool isKnown)
    {
        Days += isKnown ? 1 : 0;
        foreach (var watch in watches)
        {
            watch.Series.Bursts.EndDay(last);
        }
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
        : watches[1].Series.Recent.Median / Math.Max(1, watches[0].Series.Recent.Median) * Calls;

    void Report(RateMeasure measure, bool changes, List<RateInsight> insights)
    {
        if (changes)
        {
            insights.Add(InsightOf(measure, this[measure].IsOpen ? StretchEnd.None : StretchEnd.Calm));
        }
    }

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
            Users = users?.Top(Method.Contributors) ?? [],
            UserAgents = agents?.Top(Method.Contributors) ?? [],
        };
    }

    void Watch()
    {
        var isWatched = watches[0].IsSuspected || watches[1].IsSuspected;
        if (isWatched && !IsWatched)
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
