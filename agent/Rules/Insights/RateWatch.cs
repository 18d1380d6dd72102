namespace ClusterTrail.Rules.Insights;

/// <summary>Watches one measure of one key: from minutes to the start and the end of unusual stretches.</summary>
sealed class RateWatch(float floor)
{
    Stretch stretch;

    public RateSeries Series { get; } = new(floor);

    /// <summary>The stretch that may be one; meaningful while <see cref="IsSuspected"/>.</summary>
    public Stretch Stretch => stretch;

    /// <summary>Whether the last minute was elevated, or a stretch is open.</summary>
    public bool IsSuspected { get; private set; }

    public bool IsOpen { get; private set; }

    /// <summary>How many it has of the minutes that not all keys have taken.</summary>
    public int Taken { get; set; }

    /// <param name="silent">For how many minutes there is known to have been no event.</param>
    /// <param name="untaken">How many of these not all keys have taken.</param>
    public void Reset(int silent, int untaken)
    {
        Series.Reset(silent);
        Taken = untaken;
        (IsSuspected, IsOpen) = (false, false);
    }

    /// <summary>Takes a whole minute; true when a stretch begins, or ends and is no longer open then.</summary>
    /// <param name="least">The least that is expected for another reason.</param>
    /// <param name="days">How many days are known of the key.</param>
    public bool Close(Minute minute, float rate, float least, int days)
    {
        if (!Series.IsJudged)
        {
            Series.Note(minute, rate, default, isLearnt: true);
            return false;
        }

        // Most keys are silent in most minutes, and silence is never unusual.
        var judgement = rate == 0 ? default : Series.Judge(minute, rate, least);
        var changes = IsOpen ? Continue(minute, rate, judgement) : Begin(minute, rate, judgement, days);
        var isLearnt = !IsOpen || minute.Number - stretch.First.Number >= Method.AdoptedAfterMinutes;
        Series.Note(minute, rate, judgement, isLearnt);
        if (minute.EndsDay)
        {
            Series.Bursts.EndDay(minute);
        }

        return changes;
    }

    /// <summary>There are unknown minutes; true when a stretch ends with that.</summary>
    public bool Interrupt()
    {
        var wasOpen = IsOpen;
        Series.Interrupt();
        (IsSuspected, IsOpen) = (false, false);
        return wasOpen;
    }

    bool Begin(Minute minute, float rate, in Judgement judgement, int days)
    {
        var wasSuspected = IsSuspected;
        IsSuspected = judgement.IsElevated;
        if (!IsSuspected)
            return false;
        if (!wasSuspected)
        {
            stretch = new(minute, judgement.Expected);
        }

        stretch.Add(minute, rate, isElevated: true);
        var least = days < Method.EarlyDays ? Method.EarlyMinutes : Series.IsFar(minute, judgement) ? 1 : Method.LeastMinutesOfStretch;
        IsOpen = stretch.Minutes >= least && Series.IsUnusual(minute, judgement);
        return IsOpen;
    }

    bool Continue(Minute minute, float rate, in Judgement judgement)
    {
        stretch.Add(minute, rate, judgement.IsElevated);
        if (stretch.Calm < Method.CalmMinutes)
            return false;
        (IsSuspected, IsOpen) = (false, false);
        return true;
    }
}
