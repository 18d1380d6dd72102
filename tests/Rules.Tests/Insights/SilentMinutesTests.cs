using System.Text;
using ClusterTrail.Rules.Insights;
using ClusterTrail.Testing;

namespace ClusterTrail.Rules.Tests.Insights;

/// <summary>A key without an event takes its minutes later; what is found and known is as if it had taken each when it ended.</summary>
public sealed class SilentMinutesTests
{
    const int Minutes = 9 * 24 * 60;

    // More than there is room for.
    const int Keys = 20;
    const int Capacity = 16;

    [Fact]
    public void ItIsTheSame() => RandomSequences.Run(10, seed =>
    {
        var (lazy, eager) = (new RateInsights(Capacity), new RateInsights(Capacity));

        var found = Pass(lazy, new(seed), static _ => { });

        Assert.Equal(Pass(eager, new(seed), static rates => rates.CatchUp()), found);
        Assert.Equal(StateOf(eager), StateOf(lazy));
        Assert.NotEmpty(found);
    });

    [Fact]
    public void MinutesDoNotPileUpWhereNoHourEnds()
    {
        var rates = new RateInsights(Capacity);
        var minute = Minute.Of(new(2026, 2, 2, 0, 0, 0, TimeSpan.Zero));
        Count(rates, 1, isError: false);

        for (var at = 0; at < 10_000; at++)
        {
            if (!minute.Plus(at).EndsHour)
                rates.Close(minute.Plus(at), isWhole: true, []);
        }

        Assert.InRange(rates.Untaken, 0, Method.RecentMinutes);
    }

    static List<string> Pass(RateInsights rates, Random random, Action<RateInsights> afterEach)
    {
        var (found, insights) = (new List<string>(), new List<RateInsight>());
        var minute = Minute.Of(new(2026, 2, 2, 0, 0, 0, TimeSpan.Zero));
        var (rushing, rushLeft) = (0, 0);
        for (var at = 0; at < Minutes; at++)
        {
            minute = minute.Plus(random.Next(1000) switch { 0 => 90, 1 => -5, < 10 => 8, < 20 => 15, _ => 1 });
            if (--rushLeft < 0 && random.Next(400) == 0)
                (rushing, rushLeft) = (random.Next(Keys), random.Next(1, 20));
            for (var calls = random.Next(12); calls > 0; calls--)
            {
                // Low ones are frequent, high ones are silent for hours.
                Count(rates, (int)(Keys * Math.Pow(random.NextDouble(), 6)), isError: random.Next(10) == 0);
            }

            for (var calls = rushLeft > 0 ? random.Next(400) : 0; calls > 0; calls--)
            {
                Count(rates, rushing, isError: random.Next(10) == 0);
            }

            rates.Close(minute, isWhole: random.Next(50) != 0, insights);
            afterEach(rates);
        }

        found.AddRange(insights.Select(one =>
            $"{one.Subject} {one.Measure} {one.End} {one.Baseline} {one.Observed} {one.Peak} {one.From:O} {one.To:O}"));
        return found;
    }

    static void Count(RateInsights rates, int key, bool isError)
    {
        var name = Encoding.UTF8.GetBytes($"key-{key}");
        rates.CountKind((ulong)key, "get"u8, default, name, isError);
        rates.CountUser((ulong)key, name, isError);
    }

    static string StateOf(RateInsights rates) =>
        Convert.ToHexString(InsightState.Write(new(seed: 1) { Rates = rates }));
}
