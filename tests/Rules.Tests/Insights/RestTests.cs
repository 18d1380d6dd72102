using ClusterTrail.Rules.Insights;
using ClusterTrail.Testing;

namespace ClusterTrail.Rules.Tests.Insights;

/// <summary>A series at rest need not take the minutes without an event: they change nothing.</summary>
public sealed class RestTests
{
    [Fact]
    public void AMinuteWithoutAnEventChangesNothing() => RandomSequences.Run(20, seed =>
    {
        var (random, key) = (new Random(seed), Key());
        var watch = key[RateMeasure.Calls];
        var minute = Minute.Of(new(2026, 2, 2, 0, 0, 0, TimeSpan.Zero));
        for (var at = 0; at < 500; at++)
        {
            Take(random.Next(40));
        }

        Assert.False(watch.Series.IsAtRest);
        for (var at = 0; at < 10_000 && !watch.Series.IsAtRest; at++)
        {
            Take(0);
        }

        Assert.True(watch.Series.IsAtRest);
        while (!minute.Plus(1).EndsHour)
        {
            var before = StateOf(key);
            Take(0);
            Assert.Equal(before, StateOf(key));
            Assert.True(watch.Series.IsAtRest);
            Assert.False(watch.IsSuspected);
        }

        void Take(float rate)
        {
            minute = minute.Plus(1);
            watch.Close(minute, rate, least: 0, days: 0);
        }
    });

    [Fact]
    public void TheEndsOfHoursAndDaysAreTaken() => RandomSequences.Run(5, seed =>
    {
        var (late, each, random) = (Key(), Key(), new Random(seed));
        var minutes = Enumerable.Range(0, 16 * 24 * 60).Select(Minute.Of(new(2026, 2, 2, 0, 0, 0, TimeSpan.Zero)).Plus).ToArray();
        foreach (var minute in minutes[..500])
        {
            var rate = random.Next(40);
            each[RateMeasure.Calls].Close(minute, rate, least: 0, days: 0);
            late[RateMeasure.Calls].Close(minute, rate, least: 0, days: 0);
        }

        foreach (var minute in minutes[500..])
        {
            each[RateMeasure.Calls].Close(minute, rate: 0, least: 0, each.Days);
            each[RateMeasure.Errors].Close(minute, rate: 0, least: 0, each.Days);
            each.Days += minute.EndsDay ? 1 : 0;
        }

        late.CatchUp(minutes.AsSpan(500));

        Assert.Equal(StateOf(each), StateOf(late));
    });

    [Fact]
    public void MinutesThatWereNotLearntKeepItFromRest()
    {
        var (series, minute) = (new RateSeries(Method.FloorOfKind), new Minute(1_000_001));
        series.Reset(Method.RecentMinutes);
        Assert.True(series.IsAtRest);

        series.Note(minute, 50, default, isLearnt: false);
        Assert.False(series.IsAtRest);
        series.Note(minute.Plus(1), 0, default, isLearnt: false);
        Assert.False(series.IsAtRest);
        series.Note(minute.Plus(2), 0, default, isLearnt: false);
        Assert.True(series.IsAtRest);
    }

    [Theory]
    [InlineData(100, 0)]
    [InlineData(0, 100)]
    public void AUsualMinuteAfterARiseIsJudgedWithIt(int beforeThat, int before)
    {
        var (series, minute) = (new RateSeries(Method.FloorOfKind), new Minute(1_000_001));
        series.Reset(Method.RecentMinutes);
        series.Note(minute, beforeThat, default, isLearnt: false);
        series.Note(minute.Plus(1), before, default, isLearnt: false);

        var judgement = series.Judge(minute.Plus(2), 1, least: 0);

        Assert.InRange(judgement.Ratio, Method.NotedRatio, 100);
        Assert.False(judgement.IsElevated);
    }

    static RateKey Key()
    {
        var key = new RateKey(Method.FloorOfKind, slot: 0);
        key.Become([1], silent: 0, days: 0);
        return key;
    }

    static string StateOf(RateKey key)
    {
        var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        RateKeyState.Write(writer, key);
        return Convert.ToHexString(bytes.ToArray());
    }
}
