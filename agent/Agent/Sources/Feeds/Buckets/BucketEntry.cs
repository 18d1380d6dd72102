namespace ClusterTrail.Agent.Sources.Feeds.Buckets;

/// <summary>What is remembered of an object: that it was read, or how often that failed.</summary>
sealed record BucketEntry(string Key, string Tag, DateTimeOffset At, long Bytes)
{
    /// <summary>After as many tries an object is set aside: they take two hours.</summary>
    public const int MostTries = 8;

    static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);
    static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    static readonly TimeSpan AsidePause = TimeSpan.FromDays(1);

    /// <summary>Whether nothing more is to be done.</summary>
    public bool IsDone { get; init; }

    /// <summary>How often reading it failed.</summary>
    public int Tries { get; init; }

    public DateTimeOffset? NextTry { get; init; }

    /// <summary>Whether it failed as what it holds is damaged.</summary>
    public bool IsDamaged { get; init; }

    /// <summary>Why it failed the last time.</summary>
    public string? Reason { get; init; }

    /// <summary>How many of its groups are in the journal.</summary>
    public int Parts { get; init; }

    /// <summary>Which pass saw it last.</summary>
    public long SeenIn { get; init; }

    public bool IsAside => !IsDone && Tries >= MostTries;

    public BucketEntry Failed(FeedException failure, DateTimeOffset now)
    {
        var pause = Tries + 1 >= MostTries ? AsidePause
            : TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(Tries, 10)));
        return this with
        {
            Tries = Tries + 1,
            Reason = failure.Message,
            IsDamaged = failure.Failure == FeedFailure.Damaged,
            NextTry = now + pause,
        };
    }
}
