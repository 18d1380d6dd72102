namespace ClusterTrail.Rules.Insights;

/// <summary>The constants of the method, see docs/decisions/0043-insights.md.</summary>
static class Method
{
    /// <summary>So many minutes are what is usual now: their median.</summary>
    public const int RecentMinutes = 60;

    /// <summary>Before so many minutes nothing is judged.</summary>
    public const int LeastMinutes = 30;

    /// <summary>The weeks of which an hour of the week remembers its median; the lower one counts.</summary>
    public const int SeasonWeeks = 2;

    public const int HoursOfWeek = 168;

    /// <summary>A season's neighbour counts too in the first and last minutes of its hour.</summary>
    public const int SeasonEdgeMinutes = 10;

    /// <summary>Rises of so many days are remembered, and the second highest day is usual.</summary>
    public const int BurstDays = 14;
    public const int UsualOnDays = 2;

    /// <summary>By how much a rise must exceed those that are usual.</summary>
    public const float BurstMargin = 1.45f;

    /// <summary>Standard deviations, and times the baseline, that are unusual.</summary>
    public const float UnusualScore = 5.5f;
    public const float UnusualRatio = 2.2f;

    /// <summary>While fewer days are known, habits are not: a stretch is one only after so many minutes.</summary>
    public const int EarlyDays = 7;
    public const int EarlyMinutes = 10;

    /// <summary>One minute is a stretch if it is so many times as far away as others must be, and has at least so many events.</summary>
    public const float FarTimes = 10;
    public const float LeastOfFar = 300;

    /// <summary>What is usual at one time of the day still is so many minutes after it.</summary>
    public const int BurstEdgeMinutes = 30;

    /// <summary>From so many times the baseline on, a rise is remembered.</summary>
    public const float NotedRatio = 1.7f;

    /// <summary>A single minute that is part of a stretch.</summary>
    public const float ElevatedScore = 2;
    public const float ElevatedRatio = 1.5f;

    /// <summary>So many elevated minutes in a row can be a stretch.</summary>
    public const int LeastMinutesOfStretch = 2;

    /// <summary>The widest window of minutes that is judged together.</summary>
    public const int WindowMinutes = 3;

    /// <summary>So many minutes in a row that are not elevated end a stretch.</summary>
    public const int CalmMinutes = 5;

    /// <summary>After so many minutes a stretch is learnt: it becomes usual, and ends.</summary>
    public const int AdoptedAfterMinutes = 180;

    /// <summary>What was silent in most of the recent minutes is unusual only from so many a minute.</summary>
    public const float LeastOfSilent = 30;

    /// <summary>A baseline below this counts as this, in calls of a kind, calls of a user, and errors of either.</summary>
    public const float FloorOfKind = 2;
    public const float FloorOfUser = 5;
    public const float FloorOfErrors = 2;

    /// <summary>The least that is unusual in a minute, whatever the baseline.</summary>
    public const float LeastObserved = 10;

    /// <summary>Without events for longer than this, open stretches end.</summary>
    public const int GapMinutes = 10;

    /// <summary>After a longer one the recent minutes say nothing of now, and are learnt again.</summary>
    public const int LongGapMinutes = 60;

    /// <summary>How many users and user agents an Insight names.</summary>
    public const int Contributors = 5;

    /// <summary>How far the spread moves with each minute.</summary>
    public const float SpreadStep = 0.01f;

    /// <summary>The median of the absolute value of a standard normal variable.</summary>
    public const float NormalMedian = 0.6745f;
}
