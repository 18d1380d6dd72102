using ClusterTrail.Rules.Insights;
using ClusterTrail.Testing.Insights;

namespace ClusterTrail.Rules.Tests.Insights;

/// <summary>What a restart keeps.</summary>
public sealed class InsightStateTests
{
    [Fact]
    public void WhatIsReadKnowsWhatWasWritten()
    {
        var written = AfterAWeek();

        var read = InsightState.Read(InsightState.Write(written), out _)!;

        Assert.Equal(InsightState.Write(written), InsightState.Write(read));
        Assert.Equal(written.Rates.Last, read.Clock.Current);
        Assert.Equal(written.Rates.Kinds[5].Name, read.Rates.Kinds[5].Name);
        Assert.Equal(7, read.Rates.Kinds[5].Days);
    }

    [Fact]
    public void ItIsSmall() => Assert.InRange(InsightState.Write(AfterAWeek()).Length, 1, 500_000);

    [Fact]
    public void DamagedBytesAreNotRead()
    {
        var bytes = InsightState.Write(new InsightDetector(seed: 1));

        var (flipped, other) = (bytes.ToArray(), bytes.ToArray());
        flipped[10] ^= 1;
        other[0] ^= 1;

        Assert.Null(InsightState.Read(flipped, out var problem));
        Assert.Equal("its sum is not that of its bytes", problem);
        Assert.Null(InsightState.Read(other, out problem));
        Assert.Equal("it is not of this version", problem);
        Assert.Null(InsightState.Read(bytes.AsSpan(0, 12), out _));
        Assert.Null(InsightState.Read([], out _));
    }

    static InsightDetector AfterAWeek()
    {
        var detector = new InsightDetector(seed: 1);
        new SyntheticWeeks(seed: 1, weeks: 1, times: 0).Feed(detector.Rates, 0, []);
        return detector;
    }
}
