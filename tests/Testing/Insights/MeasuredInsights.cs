using ClusterTrail.Rules.Insights;

namespace ClusterTrail.Testing.Insights;

/// <summary>How well incidents of synthetic weeks are found.</summary>
/// <param name="FirstWeekAlarms">False alarms of the first week, in which nothing is known yet.</param>
/// <param name="LaterAlarms">Those of a week after the second, on average.</param>
/// <param name="Detected">The share of incidents of which a stretch began within three minutes.</param>
sealed record MeasuredInsights(double FirstWeekAlarms, double LaterAlarms, double Detected)
{
    const int QuietWeeks = 2;
    const int Weeks = 4;

    static readonly TimeSpan InTime = TimeSpan.FromMinutes(3);

    /// <summary>Weeks without an incident: each stretch is a false alarm.</summary>
    public static MeasuredInsights OfQuiet(int firstSeed, int seeds)
    {
        var all = Enumerable.Range(firstSeed, seeds).Select(seed => Starts(new(seed, Weeks, times: 0)));
        var byWeek = all.Select(weeks => weeks.Select(week => week.Count).ToList()).ToList();
        return new(byWeek.Average(weeks => weeks[0]), byWeek.Average(weeks => weeks.Skip(QuietWeeks).Average()), 0);
    }

    /// <summary>Weeks with incidents that are so many times the usual.</summary>
    public static MeasuredInsights OfIncidents(int firstSeed, int seeds, double times)
    {
        var (all, found) = (0, 0);
        for (var seed = firstSeed; seed < firstSeed + seeds; seed++)
        {
            var weeks = new SyntheticWeeks(seed, Weeks, times, QuietWeeks);
            var starts = Starts(weeks).SelectMany(week => week).ToList();
            all += weeks.Incidents.Count;
            found += weeks.Incidents.Count(incident => starts.Exists(start => Shows(start, weeks.NameOf(incident.Kind), incident)));
        }

        return new(0, 0, (double)found / all);
    }

    static List<List<RateInsight>> Starts(SyntheticWeeks weeks)
    {
        var rates = new RateInsights();
        return [.. Enumerable.Range(0, weeks.Weeks).Select(week =>
        {
            var insights = new List<RateInsight>();
            weeks.Feed(rates, week, insights);
            return insights.FindAll(insight => insight.End == StretchEnd.None);
        })];
    }

    // A stretch is reported when the last of its minutes is over.
    static bool Shows(RateInsight start, string verb, SyntheticIncident incident) =>
        start.Measure == RateMeasure.Calls && start.Subject.Verb == verb
            && start.To > incident.Start && start.To - incident.Start <= InTime;
}
