using ClusterTrail.Operator.Completeness;
using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Tests.Completeness;

public sealed class TrailCountsTests
{
    readonly TrailCounts counts = new([], Some.Noon);

    [Fact]
    public void ALossOfANodeThatIsGoneIsToldForADay()
    {
        Lose("cp-1");
        counts.Take("cp-2", Round(5, 5, minute: 20));

        Assert.Equal([("cp-1", 7L), ("cp-2", 0L)], Told(minute: 60 * 24, gone: "cp-1"));
        // It was found after three minutes.
        Assert.Equal([("cp-2", 0L)], Told(minute: (60 * 24) + 3, gone: "cp-1"));
    }

    [Fact]
    public void ALossOfANodeThatIsGoneIsToldForADayHoweverOftenTheOperatorRestarts()
    {
        Lose("cp-1");
        var known = counts;
        for (var hour = 0; hour < 20; hour += 5)
            known = Restarted(known, minute: hour * 60);
        Assert.Equal(7, Assert.Single(known.At(At(20 * 60), IsThere("cp-1"))).MissingAtLeast);

        known = Restarted(known, minute: 20 * 60);

        Assert.Empty(known.At(At((24 * 60) + 3), IsThere("cp-1")));
    }

    [Fact]
    public void WhatWasLostInMoreThanADayWithoutAComparisonIsFound()
    {
        Lose("cp-1");
        for (var minute = -20; minute <= 0; minute++)
            counts.Take("cp-2", Round(100, 100, minute));

        // A weekend with a full spool. The keeper asks at each look.
        for (var hour = 1; hour <= 60; hour++)
            Assert.Equal(2, counts.At(At(hour * 60), IsThere(null)).Count);
        for (var minute = 3600; minute < 3620; minute++)
        {
            counts.Take("cp-1", Round(9_000_107, 1_000_100, minute));
            counts.Take("cp-2", Round(9_000_100, 1_000_100, minute));
        }

        Assert.Equal([("cp-1", 8_000_000L), ("cp-2", 8_000_000L)], Told(minute: 3620));
    }

    [Fact]
    public void AnAddressWithoutANodeForALookMakesNoCountBeginAnew()
    {
        for (var minute = 0; minute < 20; minute++)
            counts.Take("cp-1", Round(100, 100, minute));
        counts.Take(CompletenessView.All, Round(1000, 1000, 20));
        for (var minute = 21; minute < 40; minute++)
            counts.Take("cp-1", Round(200, 150, minute));

        Assert.Equal([("cp-1", 50L)], Told(minute: 40));
    }

    [Fact]
    public void ALossWithoutATimeIsToldFromNowOn()
    {
        Lose("cp-1");
        var one = counts.At(At(3), IsThere(null))[0] with { FoundAt = null };
        var after = new TrailCounts([one], At(10));

        Assert.Equal(7, Assert.Single(after.At(At(60 * 24), IsThere(null))).MissingAtLeast);
        Assert.Equal(0, Assert.Single(after.At(At((60 * 24) + 10), IsThere(null))).MissingAtLeast);
    }

    [Fact]
    public void ALossIsToldWhenSumsAreComparedNow()
    {
        Lose("cp-1");
        counts.Take("cp-2", Round(5, 5, minute: 3));

        for (var minute = 4; minute < 14; minute++)
            counts.Take(CompletenessView.All, Round(500, 500, minute));

        Assert.Equal([("all", 0L), ("cp-1", 7L)], Told(minute: 14));
    }

    [Fact]
    public void ARestartOfTheOperatorForgetsNoLoss()
    {
        Lose("cp-1");

        // Nothing of it answers now.
        var after = Restarted(counts, minute: 30);
        after.Take("cp-2", Round(5, 5, minute: 30));

        Assert.Equal(["cp-1", "cp-2"], after.At(At(31), IsThere(null)).Select(count => count.Name));
        Assert.Equal(7, after.At(At(31), IsThere(null))[0].MissingAtLeast);
    }

    [Fact]
    public void AStatusThatNamesANodeTwiceIsTaken()
    {
        Lose("cp-1");
        var one = counts.At(At(3), IsThere(null))[0];

        Assert.Single(new TrailCounts([one, one], At(4)).At(At(4), IsThere(null)));
    }

    void Lose(string name)
    {
        counts.Take(name, Round(100, 100, minute: 0));
        for (var minute = 1; minute <= 3; minute++)
            counts.Take(name, Round(207, 200, minute));
    }

    IEnumerable<(string, long)> Told(int minute, string? gone = null) =>
        counts.At(At(minute), IsThere(gone)).Select(count => (count.Name, count.MissingAtLeast));

    static TrailCounts Restarted(TrailCounts counts, int minute) =>
        new([.. counts.At(At(minute), IsThere(null)).Select(count => count with { LastAt = null })], At(minute));

    static Func<string, bool> IsThere(string? gone) => name => name != gone;

    static DateTimeOffset At(int minute) => Some.Noon.AddMinutes(minute);

    static CountRound Round(long made, long read, int minute) => new("s", "a", made, read, made, default, At(minute));
}
