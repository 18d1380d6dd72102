using System.Text;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Insights;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Insights;

namespace ClusterTrail.Benchmarks;

/// <summary>How well incidents are found in synthetic weeks, at how many false alarms, and what it costs.</summary>
static class InsightsBenchmark
{
    const double LeastTenfold = 0.95;
    const double LeastThreefold = 0.8;
    const double MostFalseAlarms = 1;
    const double MostMegabytes = 20;
    const double MostCpuPercent = 3;
    const int Rounds = 10;
    const int RoundsAtOnce = 20;
    const int TimesAnEvent = 50;
    const int SavesAtOnce = 20;
    const int MinutesOfFull = 120;

    static ReadOnlySpan<byte> BusiestMinute => "\"stageTimestamp\":\"2026-11-22T06:14"u8;

    public static int Run(int seeds)
    {
        var report = new Report();
        var quiet = MeasuredInsights.OfQuiet(firstSeed: 1, seeds);
        report.AtLeast("insights.tenfold_detected", MeasuredInsights.OfIncidents(1, seeds, times: 10).Detected, "ratio", LeastTenfold);
        report.AtLeast("insights.threefold_detected", MeasuredInsights.OfIncidents(1, seeds, times: 3).Detected, "ratio", LeastThreefold);
        report.AtMost("insights.false_alarms_per_week", quiet.LaterAlarms, "stretches", MostFalseAlarms);
        Report.Figure("insights.false_alarms_in_the_first_week", quiet.FirstWeekAlarms, "stretches");
        report.AtMost("insights.memory", Megabytes(), "MB", MostMegabytes);
        Report.Figure("insights.save_cpu_ms", SaveMilliseconds(), "ms");
        Cost();
        return report.AllWithinLimits ? 0 : 1;
    }

    /// <summary>What they take of an agent's CPU.</summary>
    public static async Task<int> AgentAsync(int megabytes)
    {
        var (report, bytes) = (new Report(), megabytes * 1_000_000L);
        report.AtMost("insights.cpu_percent", await CpuPercentAsync("busy", path => BusyLog.Write(path, bytes)), "%", MostCpuPercent);
        // Here a minute ends every 261 events, and time goes back every 13,312.
        Report.Figure("insights.quiet.cpu_percent", await CpuPercentAsync("quiet", path => AgentRun.WriteLog(path, bytes)), "%");
        return report.AllWithinLimits ? 0 : 1;
    }

    static async Task<double> CpuPercentAsync(string cluster, Func<string, long> writeLog)
    {
        var added = await AgentTurns.MeasureAsync(writeLog, (one, insights) => one with { Insights = new() { Enabled = insights } });
        Report.Figure($"insights.{cluster}.off.cpu_seconds_per_gb", added.Later.Without, "s/GB");
        // Once for each start of an agent: its code is compiled, and until then it is slow.
        Report.Figure($"insights.{cluster}.with_start.cpu_percent", added.Whole.Percent, "%");
        return added.Later.Percent;
    }

    /// <summary>The time of an event and of the end of a minute.</summary>
    public static int Cost()
    {
        // In turn, and the best of each: what else runs makes it slower, never faster. Each event many times, as parsing it takes longer
        // than insights do, and differs by more.
        var (without, with, detector) = (double.MaxValue, double.MaxValue, new InsightDetector(seed: 1));
        for (var round = 0; round < Rounds; round++)
        {
            without = Math.Min(without, Nanoseconds(detector, times: 0));
            with = Math.Min(with, Nanoseconds(detector, TimesAnEvent));
        }

        Report.Figure("insights.parse_ns_per_event", without, "ns");
        Report.Figure("insights.ns_per_event", (with - without) / TimesAnEvent, "ns");
        var (weeks, rates) = (new SyntheticWeeks(seed: 1, weeks: 1, times: 0), new RateInsights());
        weeks.Feed(rates, 0, []);
        var minute = rates.Last!.Value;
        var seconds = CpuTime.Of(() =>
        {
            for (var at = 1; at <= SyntheticWeeks.MinutesOfWeek; at++)
            {
                rates.Close(minute.Plus(at), isWhole: true, []);
            }
        });
        Report.Figure("insights.us_per_minute", seconds * 1e6 / SyntheticWeeks.MinutesOfWeek, "us");
        return 0;
    }

    static double Megabytes()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var detector = Full();
        var used = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(detector);
        return used / 1e6;
    }

    // What an agent does each five minutes.
    static double SaveMilliseconds()
    {
        var detector = Full();
        // Compiles the code.
        InsightState.Write(detector);
        return CpuTime.Of(() => Enumerable.Range(0, SavesAtOnce).ToList().ForEach(_ => InsightState.Write(detector))) * 1000 / SavesAtOnce;
    }

    // All that it has room for, with a history: what is nothing but zeros is written as a byte.
    static InsightDetector Full()
    {
        var detector = new InsightDetector(seed: 1);
        for (var minute = 0; minute < MinutesOfFull; minute++)
        {
            for (var at = 0; at < RateInsights.DefaultCapacity; at++)
            {
                var name = Encoding.UTF8.GetBytes($"system:serviceaccount:namespace:name-{at}");
                detector.Rates.CountKind((ulong)at, "get"u8, "group"u8, name, isError: minute % 2 == 0);
                detector.Rates.CountUser((ulong)at, name, isError: minute % 2 == 0);
            }

            detector.Rates.Close(Minute.Of(DateTimeOffset.UnixEpoch).Plus(minute), isWhole: true, []);
        }

        for (var thing = 1; thing <= SeenSet.MaxCount; thing++)
        {
            detector.FirstSeen.Seen.Add(KeyHash.Of((ulong)thing, default), day: 1, out _);
        }

        return detector;
    }

    static double Nanoseconds(InsightDetector detector, int times)
    {
        // Of one minute: its end costs the same after 70 events, as in most minutes of this log, and after 60,000.
        var (lines, index) = (RealLog.Lines.Where(line => line.AsSpan().IndexOf(BusiestMinute) >= 0).ToList(), new JsonIndex());
        return CpuTime.Of(() => Rush(RoundsAtOnce)) * 1e9 / RoundsAtOnce / lines.Count;

        void Rush(int rounds)
        {
            for (var at = 0; at < rounds * lines.Count; at++)
            {
                AuditEvent.TryParse(lines[at % lines.Count], index, out var audit, out _);
                for (var time = 0; time < times; time++)
                {
                    detector.Take(audit);
                }
            }
        }
    }
}
