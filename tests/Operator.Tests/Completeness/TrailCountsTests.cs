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

        Assert.Equal([("cp-1", 7L), ("cp-2", 0L)], Told(minute: 60 * 24));
        // It was compared for three minutes.
        Assert.Equal([("cp-2", 0L)], Told(minute: (60 * 24) + 3));
    }

    [Fact]
    public void ALossIsToldWhenSumsAreComparedNow()
    {
        Lose("cp-1");
        counts.Take("cp-2", Round(5, 5, minute: 3));

        counts.Take(CompletenessView.All, Round(500, 500, minute: 4));

        Assert.Equal([("all", 0L), ("cp-1", 7L)], Told(minute: 4));
    }

    [Fact]
    public void ARestartOfTheOperatorForgetsNoLoss()
    {
        Lose("cp-1");

        // Nothing of it answers now.
        var after = new TrailCounts([.. counts.At(At(3)).Select(count => count with { LastAt = null })], At(30));
        after.Take("cp-2", Round(5, 5, minute: 30));

        Assert.Equal(["cp-1", "cp-2"], after.At(At(31)).Select(count => count.Name));
        Assert.Equal(7, after.At(At(31))[0].MissingAtLeast);
    }

    [Fact]
    public void AStatusThatNamesANodeTwiceIsTaken()
    {
        Lose("cp-1");
        var one = counts.At(At(3))[0];

        Assert.Single(new TrailCounts([one, one], At(4)).At(At(4)));
    }

    void Lose(string name)
    {
        counts.Take(name, Round(100, 100, minute: 0));
        for (var minute = 1; minute <= 3; minute++)
            counts.Take(name, Round(207, 200, minute));
    }

    IEnumerable<(string, long)> Told(int minute) => counts.At(At(minute)).Select(count => (count.Name, count.MissingAtLeast));

    static DateTimeOffset At(int minute) => Some.Noon.AddMinutes(minute);

    static CountRound Round(long made, long read, int minute) => new("s", "a", made, read, made, default, At(minute));
}
