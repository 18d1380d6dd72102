using System.Globalization;
using ClusterTrail.Rules.Insights;

namespace ClusterTrail.Rules.Tests.Insights;

/// <summary>When clocks are wrong.</summary>
public sealed partial class FirstSeenTests
{
    [Theory]
    [InlineData(700)]
    [InlineData(-9000)]
    public void AClockThatWasWrongForAWhileForgetsNothingAndNobodyIsLearntForever(int days)
    {
        Learn("alice");
        var real = now;
        now = real.AddDays(days);
        TakeMany("alice");
        Take("bob");
        now = real;
        TakeMany("alice");
        now = real.AddDays(1);
        TakeMany("bob");
        Assert.Empty(detector.FirstSeen.Found);
        now = real.AddDays(20);
        TakeMany("bob");

        Take("bob", address: "203.0.113.9");

        Assert.Equal((FirstSeenKind.Network, "bob", "203.0.113.0/24"), Only());
    }

    [Fact]
    public void AfterAClockThatWasWrongTheDailyLimitsBeginAnew()
    {
        Learn("alice");
        now = now.AddYears(1);
        TakeMany("alice");
        now = now.AddYears(-1);
        TakeMany("alice");
        for (var at = 0; at < FirstSeen.MaxReportedADay; at++)
            Take("alice", agent: $"agent-{at}/1");
        detector.FirstSeen.Found.Clear();
        now = now.AddDays(1);
        TakeMany("alice");

        Take("alice", agent: "curl/8.5.0");

        Assert.Equal((FirstSeenKind.UserAgent, "alice", "curl"), Only());
    }

    [Theory]
    [InlineData("2000-01-01T00:00:00Z")]
    [InlineData("2026-01-15T00:00:00Z")]
    [InlineData("2027-02-02T00:00:00Z")]
    public void OneEventOfAWrongTimeAtTheStartDoesNotSkipTheWeekOfLearning(string wrong)
    {
        var real = now;
        now = DateTimeOffset.Parse(wrong, CultureInfo.InvariantCulture);
        Take("alice");
        now = real;
        for (var at = 0; at < 2; at++)
        {
            TakeMany("alice");
            TakeMany("alice");
            now = now.AddDays(1);
        }

        TakeMany("alice");
        Take("alice", agent: "curl/8");
        Assert.Empty(detector.FirstSeen.Found);

        now = real.AddDays(8);
        TakeMany("alice");
        Take("alice", agent: "wget/1");
        Assert.Equal((FirstSeenKind.UserAgent, "alice", "wget"), Only());
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    public void ATimeAtTheEndOfAllTimesIsTakenAsAnyOther(string time)
    {
        now = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
        TakeMany("alice");
        now = new(2026, 2, 2, 8, 0, 0, TimeSpan.Zero);
        TakeMany("alice");
        now = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
        TakeMany("alice");

        Assert.Equal(now.Date, detector.Clock.Current!.Value.Start.Date);
        Assert.Equal(now.Year, detector.Clock.Current!.Value.End.Year);
        Assert.Equal(detector.FirstSeen.Seen.Count, InsightState.Read(InsightState.Write(detector), out _)!.FirstSeen.Seen.Count);
    }
}
