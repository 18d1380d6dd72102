using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests;

public sealed class TroubleTests
{
    readonly ManualTime time = new();
    readonly Trouble trouble;

    public TroubleTests() => trouble = new(time);

    [Fact]
    public void TheSameIsNewsOnceHoweverLongItLasts()
    {
        Assert.True(trouble.Met("no space left"));
        for (var minute = 0; minute < 100; minute++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            Assert.False(trouble.Met("no space left"));
        }
    }

    [Fact]
    public void WhatPassesAndSoonComesBackIsNoNews()
    {
        trouble.Met("no space left");
        Assert.True(trouble.Lasts);
        trouble.Passed();
        Assert.False(trouble.Lasts);
        time.Advance(TimeSpan.FromMinutes(5));

        Assert.False(trouble.Met("no space left"));

        Assert.True(trouble.Lasts);
    }

    [Fact]
    public void AnotherOneAndOneThatComesBackLaterAreNews()
    {
        trouble.Met("no space left");

        Assert.True(trouble.Met("read-only"));
        time.Advance(TimeSpan.FromMinutes(6));
        Assert.True(trouble.Met("read-only"));
    }
}
