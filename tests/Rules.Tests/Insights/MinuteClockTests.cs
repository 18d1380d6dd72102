using System.Text;
using ClusterTrail.Rules.Insights;

namespace ClusterTrail.Rules.Tests.Insights;

/// <summary>How minutes follow each other, whatever events say.</summary>
public sealed class MinuteClockTests
{
    readonly MinuteClock clock = new();

    [Fact]
    public void TheFirstMinuteIsNotWholeAndTheNextIs()
    {
        Assert.Equal(ClockStep.Next, Take("2026-11-27T07:00:30.000001Z"));
        Assert.Null(clock.Ended);
        Assert.Equal(ClockStep.Same, Take("2026-11-27T07:00:59.999999Z"));
        Assert.Equal(ClockStep.Next, Take("2026-11-27T07:01:00.000000Z"));
        Assert.False(clock.EndedWhole);
        Assert.Equal(ClockStep.Next, Take("2026-11-27T07:02:00.000000Z"));
        Assert.True(clock.EndedWhole);
    }

    [Fact]
    public void AnEventThatIsALittleLateCountsNow()
    {
        Take("2026-11-27T07:01:00Z");

        Assert.Equal(ClockStep.Same, Take("2026-11-27T07:00:59Z"));
    }

    [Theory]
    [InlineData("2099-01-01T00:00:00Z")]
    [InlineData("1999-01-01T00:00:00Z")]
    [InlineData("yesterday")]
    public void AStrayEventMovesNothing(string time)
    {
        Take("2026-11-27T07:01:00Z");

        Assert.Equal(ClockStep.Ignored, Take(time));

        Assert.Equal(ClockStep.Same, Take("2026-11-27T07:01:00Z"));
        Assert.Equal(1, clock.Strays);
    }

    [Theory]
    [InlineData("2026-11-27T09:00:00Z")]
    [InlineData("2026-11-27T05:00:00Z")]
    public void ManyOfThemAreAJumpAndNeitherMinuteIsWhole(string time)
    {
        Take("2026-11-27T07:00:00Z");
        Take("2026-11-27T07:01:00Z");

        var steps = Enumerable.Range(0, MinuteClock.StraysInARow).Select(_ => Take(time)).ToList();

        Assert.Equal(ClockStep.Next, steps[^1]);
        Assert.All(steps.SkipLast(1), step => Assert.Equal(ClockStep.Ignored, step));
        Assert.False(clock.EndedWhole);
        Assert.Equal(Minute.Of(DateTimeOffset.Parse(time)), clock.Current);
    }

    [Fact]
    public void AfterARestartNothingCountsTwiceAndTheFirstMinuteIsNotWhole()
    {
        clock.Resume(Minute.Of(DateTimeOffset.Parse("2026-11-27T07:00:00Z")));

        Assert.Equal(ClockStep.Ignored, Take("2026-11-27T06:59:59Z"));
        Assert.Equal(ClockStep.Ignored, Take("2026-11-27T07:00:59Z"));
        Assert.Equal(ClockStep.Next, Take("2026-11-27T07:01:00Z"));
        Assert.Null(clock.Ended);
        Assert.Equal(ClockStep.Next, Take("2026-11-27T07:02:00Z"));
        Assert.False(clock.EndedWhole);
    }

    ClockStep Take(string time) => clock.Take(Encoding.UTF8.GetBytes(time));
}
