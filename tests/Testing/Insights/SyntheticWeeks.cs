using System.Text;
using ClusterTrail.Rules.Insights;

namespace ClusterTrail.Testing.Insights;

/// <summary>Weeks of load of a made-up cluster by a seed: days and nights, weekends, deployments, a backup, and incidents.</summary>
/// <remarks>
/// Some 160 kinds of calls by 40 users, of 0.2 to 400 calls a minute; noise beyond chance that lasts for minutes; on workdays 2 to 6
/// deployments of 2 to 6 minutes that raise a tenth of the kinds three- to eightfold, give or take 15 %; each night half an hour of backup;
/// each hour two minutes of a job. Incidents, 20 to 40 minutes of a single kind, one in six hours, begin at any second.
/// </remarks>
sealed class SyntheticWeeks
{
    const int Kinds = 160;
    const int Users = 40;
    public const int MinutesOfWeek = 7 * 24 * 60;

    // A Monday.
    static readonly Minute First = Minute.Of(new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero));

    readonly Random random;
    readonly List<SyntheticKind> kinds;
    readonly double[] drift = new double[Kinds];
    readonly List<SyntheticIncident> incidents = [];
    readonly Dictionary<long, double> deploying = [];

    /// <param name="times">How many times as much an incident is; 0 for weeks without.</param>
    /// <param name="quietWeeks">Before the first incident.</param>
    public SyntheticWeeks(int seed, int weeks, double times, int quietWeeks = 2)
    {
        (random, Weeks) = (new Random(seed), weeks);
        kinds = [.. Enumerable.Range(0, Kinds).Select(MakeKind)];
        MakeDeployments();
        for (var at = times > 0 ? quietWeeks * MinutesOfWeek : int.MaxValue; at < (weeks * MinutesOfWeek) - 60; at += 360)
        {
            MakeIncident(First.Plus(at), times);
        }
    }

    public int Weeks { get; }

    public IReadOnlyList<SyntheticIncident> Incidents => incidents;

    public string NameOf(int kind) => kinds[kind].Name;

    public string UserOf(int kind) => $"user-{kinds[kind].User}";

    /// <summary>Feeds a week, the first being 0.</summary>
    public void Feed(RateInsights rates, int week, List<RateInsight> insights)
    {
        for (var at = 0; at < MinutesOfWeek; at++)
        {
            FeedMinute(rates, First.Plus((week * MinutesOfWeek) + at));
            rates.Close(First.Plus((week * MinutesOfWeek) + at), isWhole: true, insights);
        }
    }

    void FeedMinute(RateInsights rates, Minute minute)
    {
        var current = incidents.FindAll(incident => incident.ShareOf(minute) > 0);
        for (var at = 0; at < Kinds; at++)
        {
            var kind = kinds[at];
            drift[at] = (0.8 * drift[at]) + (0.6 * kind.Noise * Normal());
            var mean = Usual(kind, minute) * Math.Exp(drift[at]);
            foreach (var incident in current)
            {
                mean *= incident.Kind == at ? 1 + ((incident.Times - 1) * incident.ShareOf(minute)) : 1;
            }

            var calls = Poisson(mean);
            if (calls > 0)
            {
                Count(rates, kind, calls, Math.Min(calls, Poisson(calls * kind.ErrorShare)));
            }
        }
    }

    static void Count(RateInsights rates, SyntheticKind kind, int calls, int errors)
    {
        var (verb, user) = (Encoding.UTF8.GetBytes(kind.Name), Encoding.UTF8.GetBytes($"user-{kind.User}"));
        AddTo(rates.CountKind(KeyHash.Of(1, verb), verb, default, "things"u8, errors > 0), calls - 1, Math.Max(0, errors - 1));
        AddTo(rates.CountUser(KeyHash.Of(2, user), user, errors > 0), calls - 1, Math.Max(0, errors - 1));

        static void AddTo(RateKey key, int calls, int errors) => (key.Calls, key.Errors) = (key.Calls + calls, key.Errors + errors);
    }

    double Usual(SyntheticKind kind, Minute minute)
    {
        var hour = (minute.Number % (24 * 60)) / 60.0;
        var isWeekend = minute.HourOfWeek >= 5 * 24;
        var day = isWeekend ? 0 : Math.Pow(Math.Max(0, Math.Sin((hour - 6) / 14 * Math.PI)), 0.7) * (hour is > 6 and < 20 ? 1 : 0);
        var rate = kind.Rate * (kind.Night + ((1 - kind.Night) * day));
        rate *= hour is >= 2 and < 2.5 ? kind.Backup : 1;
        rate *= minute.MinuteOfHour < 2 ? kind.Job : 1;
        return deploying.TryGetValue(minute.Number, out var height) ? rate * (1 + ((kind.Deploys - 1) * height)) : rate;
    }

    SyntheticKind MakeKind(int at)
    {
        var rate = Math.Exp(Math.Log(0.2) + (random.NextDouble() * Math.Log(2000)));
        var deploys = at % 10 == 0 ? 3 + (5 * random.NextDouble()) : 1;
        var (backup, job) = (at % 40 == 1 ? 5 : 1, at % 40 == 3 ? 4 : 1);
        return new($"verb-{at}", random.Next(Users), rate, 0.2 + (0.6 * random.NextDouble()), 0.02 + (0.13 * random.NextDouble()),
            at % 3 == 0 ? 0.03 * random.NextDouble() : 0, deploys, backup, job);
    }

    void MakeDeployments()
    {
        for (var day = 0; day < Weeks * 7; day++)
        {
            for (var left = day % 7 < 5 ? random.Next(2, 7) : 0; left > 0; left--)
            {
                var start = First.Plus((day * 24 * 60) + (9 * 60) + random.Next(9 * 60));
                var height = Math.Exp(0.15 * Normal());
                for (var minutes = random.Next(2, 7); minutes > 0; minutes--)
                {
                    deploying[start.Plus(minutes).Number] = height;
                }
            }
        }
    }

    // Of a kind that has enough calls at that time to show it.
    void MakeIncident(Minute minute, double times)
    {
        var start = minute.Start.AddSeconds(random.Next(5 * 3600));
        var enough = times >= 10 ? 3 : 10;
        var able = Enumerable.Range(0, Kinds).Where(at => Usual(kinds[at], Minute.Of(start)) >= enough).ToList();
        incidents.Add(new(able[random.Next(able.Count)], start, random.Next(20, 41), times));
    }

    double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    int Poisson(double mean)
    {
        if (mean > 30)
            return (int)Math.Max(0, Math.Round(mean + (Math.Sqrt(mean) * Normal())));
        var (limit, count, product) = (Math.Exp(-mean), 0, random.NextDouble());
        for (; product > limit; product *= random.NextDouble())
        {
            count++;
        }

        return count;
    }
}
