namespace ClusterTrail.Agent.Tests.Sources;

/// <summary>Checkpoints of agents that knew a file by its first line, and nothing of the bytes before a position.</summary>
public sealed class LogFollowerUpgradeTests : IDisposable
{
    const string Rotated = "audit-2026-11-22T05-00-00.000.log";

    readonly DiskLog log = new();

    public enum Fate
    {
        StaysLive,
        IsRotated,
        IsCompressed,
    }

    public void Dispose() => log.Dispose();

    [Theory]
    [InlineData(Fate.StaysLive)]
    [InlineData(Fate.IsRotated)]
    [InlineData(Fate.IsCompressed)]
    public void AFileReadInPartGoesOnWhereItWas(Fate fate)
    {
        log.Append("a1\na2\na3\n");
        Assert.Equal("a1", log.ReadOne());
        Assert.Equal("a2", log.ReadOne());
        log.Append("a4\n");
        Rotate(fate);

        log.Upgrade();

        Assert.Equal(fate == Fate.StaysLive ? "a3 a4" : "a3 a4 b1", log.ReadSettled());
        Assert.Empty(log.Gaps);
    }

    [Theory]
    [InlineData(Fate.StaysLive)]
    [InlineData(Fate.IsRotated)]
    [InlineData(Fate.IsCompressed)]
    public void AFileReadToItsEndIsNotReadAgain(Fate fate)
    {
        log.Append("a1\na2\n");
        Assert.Equal("a1 a2", log.Read());
        Rotate(fate);

        log.Upgrade();

        Assert.Equal(fate == Fate.StaysLive ? "" : "b1", log.ReadSettled());
        Assert.Empty(log.Gaps);
    }

    [Fact]
    public void WhatIsGoneIsAGap()
    {
        log.Append("a1\na2\n");
        Assert.Equal("a1", log.ReadOne());
        log.Rotate(Rotated, "b1\n");
        File.Delete(log.Join(Rotated));

        log.Upgrade();

        Assert.Equal("b1", log.ReadSettled());
        Assert.Equal("Vanished", Assert.Single(log.Gaps).Reason);
    }

    void Rotate(Fate fate)
    {
        if (fate != Fate.StaysLive)
        {
            log.Rotate(Rotated, "b1\n");
        }

        if (fate == Fate.IsCompressed)
        {
            log.Compress(Rotated);
        }
    }
}
