namespace ClusterTrail.Rules.Insights;

/// <summary>What is usual of one measure of one key, such as the calls of a user a minute, and whether a minute is not.</summary>
/// <param name="floor">A baseline below this counts as this.</param>
sealed class RateSeries(float floor)
{
    const float Anscombe = 0.375f;

    float before;
    float beforeThat;

    // In one piece of memory, as the end of a minute costs what it has to fetch.
    Bursts bursts;
    RecentRates recent;
    Season season;

    public ref RecentRates Recent => ref recent;

    public ref Season Season => ref season;

    public ref Bursts Bursts => ref bursts;

    /// <summary>The standard deviation of a minute in those of a Poisson process, at least 1.</summary>
    public float Spread => Math.Max(1, MedianStep / Method.NormalMedian);

    /// <summary>The median of the absolute steps from minute to minute, which no slow rise moves.</summary>
    public float MedianStep { get; set; } = Method.NormalMedian;

    public bool IsJudged => Recent.Count >= Method.LeastMinutes;

    /// <summary>Whether another minute without an event changes nothing, unless an hour ends with it.</summary>
    public bool IsAtRest => before == 0 && beforeThat == 0 && MedianStep == Method.NormalMedian && Recent.AreSilent;

    float LeastUnusual => Recent.Median == 0 ? Method.LeastOfSilent : Method.LeastObserved;

    public void Reset(int silent)
    {
        Recent.Reset(silent);
        Season.Reset();
        Bursts.Reset();
        MedianStep = Method.NormalMedian;
        Interrupt();
    }

    /// <summary>Forgets the minutes before, as there is something unknown between.</summary>
    public void Interrupt() => (before, beforeThat) = (0, 0);

    public float Expected(Minute minute) => Math.Max(Recent.Median, Season.Expected(minute));

    /// <summary>From how many events on a minute is unusual by itself, the ones before it being as usual.</summary>
    /// <param name="baseline">What is usual, by <see cref="Baseline"/>.</param>
    public float Limit(Minute minute, float baseline)
    {
        var root = Root(baseline) + (ScoreOf(minute) * Spread / 2);
        return Math.Max((root * root) - Anscombe, Math.Max(Method.UnusualRatio * baseline, LeastUnusual));
    }

    /// <summary>What is usual at that time.</summary>
    /// <param name="least">The least that is expected for another reason.</param>
    public float Baseline(Minute minute, float least) => Math.Max(Math.Max(Expected(minute), least), floor);

    /// <summary>Judges a minute.</summary>
    /// <param name="least">The least that is expected for another reason.</param>
    public Judgement Judge(Minute minute, float rate, float least)
    {
        var expected = Baseline(minute, least);
        // So is most of the time: neither the minute nor those before it are worth more.
        if (Math.Max(rate, Math.Max(before, beforeThat)) < Method.ElevatedRatio * expected)
            return new(expected, rate, 0, 1, false);
        var best = new Judgement(expected, rate, Score(rate, expected, 1), 1, false);
        var isElevated = best.Score >= Method.ElevatedScore && rate >= Method.ElevatedRatio * expected;
        var sum = rate;
        for (var window = 2; window <= Method.WindowMinutes; window++)
        {
            sum += window == 2 ? before : beforeThat;
            if (Score(sum, expected, window) is var score && score > best.Score)
            {
                best = new(expected, sum / window, score, window, false);
            }
        }

        return best with { IsElevated = isElevated };
    }

    /// <summary>Whether the judgement is unusual at that time.</summary>
    public bool IsUnusual(Minute minute, in Judgement judgement) =>
        judgement.Ratio >= Method.UnusualRatio && judgement.Score >= ScoreOf(minute) && judgement.Observed >= LeastUnusual;

    /// <summary>Whether one such minute is enough.</summary>
    public bool IsFar(Minute minute, in Judgement judgement) =>
        judgement.Score >= Method.FarTimes * ScoreOf(minute) && judgement.Observed >= Method.LeastOfFar;

    /// <summary>Remembers the minute; what is usual changes with it only if it is learnt.</summary>
    public void Note(Minute minute, float rate, in Judgement judgement, bool isLearnt)
    {
        if (judgement.Ratio >= Method.NotedRatio)
        {
            Bursts.Note(minute, judgement.Score);
        }

        if (isLearnt)
        {
            LearnStep(rate);
            Recent.Add(rate);
            if (minute.EndsHour && Recent.Count == Method.RecentMinutes)
            {
                Season.Learn(minute, Recent.Median);
            }
        }

        (beforeThat, before) = (before, rate);
    }

    // A step of two Poisson counts of one rate has the standard deviation √2 after the square root, of 1/2 each.
    void LearnStep(float rate)
    {
        if (Recent.Count == 0)
            return;
        var step = MathF.Abs(Root(rate) - Root(Recent.Ago(1))) * MathF.Sqrt(2);
        var moved = MedianStep * (1 + (step > MedianStep ? Method.SpreadStep : -Method.SpreadStep));
        MedianStep = Math.Max(Method.NormalMedian, moved);
    }

    float ScoreOf(Minute minute) => Math.Max(Method.UnusualScore, Bursts.Usual(minute));

    // The square root makes the standard deviation of a Poisson count the same at every rate (Anscombe, 1948).
    float Score(float sum, float expected, int window) => 2 * (Root(sum) - Root(expected * window)) / Spread;

    static float Root(float count) => MathF.Sqrt(count + Anscombe);
}
