using ClusterTrail.Rules.Insights;
using ClusterTrail.Testing;

namespace ClusterTrail.Rules.Tests.Insights;

/// <summary>A series at rest need not take the minutes without an event: they change nothing.</summary>
public sealed class RestTests
{
    [Fact]
    public void AMinuteWithoutAnEventChangesNothing() => RandomSequences.Run(20, seed =>
    {
        var (random, key) = (new Random(seed), new RateKey(Method.FloorOfKind, slot: 0));
        key.Become([1], silent: 0, days: 0);
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

    static string StateOf(RateKey key)
    {
        var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        RateKeyState.Write(writer, key);
        return Convert.ToHexString(bytes.ToArray());
    }
}
