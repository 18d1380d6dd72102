using ClusterTrail.Agent.Integrity;
using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Agent.Tests.Integrity;

public sealed class WaitingRangesTests
{
    static readonly Dictionary<string, SourceMark> Marks = new() { ["a"] = new(100, null), ["b"] = new(3, null) };

    [Fact]
    public void NeighboursAreOneRangeAndSourcesAreApart()
    {
        var ranges = WaitingRanges.OfBatches([("a", 5), ("a", 3), ("b", 1), ("a", 4), ("a", 9)], Marks);

        Assert.Equal([new("a", 3, 5), new("a", 9, 9), new("b", 1, 1)], ranges);
    }

    [Fact]
    public void WhatNoDigestNamesYetIsNotListed()
    {
        var ranges = WaitingRanges.OfBatches([("a", 99), ("a", 100), ("b", 3), ("unknown", 1)], Marks);

        Assert.Equal([new WaitingBatches("a", 99, 99)], ranges);
    }

    [Fact]
    public void TheLastOfTooManyRangesHasNoEnd()
    {
        var every2nd = Enumerable.Range(1, WaitingRanges.Most + 1).Select(number => number * 2L).ToList();

        var ranges = WaitingRanges.OfDigests(every2nd);
        var fitting = WaitingRanges.OfDigests(every2nd.Take(WaitingRanges.Most));

        Assert.Equal((100, new WaitingDigests(200, null)), (ranges.Count, ranges[^1]));
        Assert.Equal((100, new WaitingDigests(200, 200)), (fitting.Count, fitting[^1]));
        Assert.Empty(WaitingRanges.OfDigests([]));
    }
}
