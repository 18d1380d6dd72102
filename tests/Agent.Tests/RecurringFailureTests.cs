using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests;

public sealed class RecurringFailureTests
{
    readonly ManualTime time = new();
    readonly RecurringFailure failure;

    public RecurringFailureTests() => failure = new(time);

    [Fact]
    public void TheSameIsNewsOnceHoweverLongItLasts()
    {
        Assert.True(failure.Occurred("no space left"));
        for (var minute = 0; minute < 100; minute++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            Assert.False(failure.Occurred("no space left"));
        }
    }

    [Fact]
    public void WhatPassesAndSoonComesBackIsNoNews()
    {
        failure.Occurred("no space left");
        Assert.True(failure.IsOngoing);
        failure.Cleared();
        Assert.False(failure.IsOngoing);
        time.Advance(TimeSpan.FromMinutes(5));

        Assert.False(failure.Occurred("no space left"));

        Assert.True(failure.IsOngoing);
    }

    [Fact]
    public void AnotherOneAndOneThatComesBackLaterAreNews()
    {
        failure.Occurred("no space left");

        Assert.True(failure.Occurred("read-only"));
        time.Advance(TimeSpan.FromMinutes(6));
        Assert.True(failure.Occurred("read-only"));
    }
}
