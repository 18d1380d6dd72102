using ClusterTrail.Operator.Completeness;
using ClusterTrail.Operator.Model;
using static ClusterTrail.Operator.Tests.Completeness.SomeRounds;

namespace ClusterTrail.Operator.Tests.Completeness;

public sealed class CountTrackerTests
{
    [Fact]
    public void WhileAllIsReadNothingIsMissing()
    {
        var tracker = new CountTracker("cp-1", null);

        tracker.Take(Round(1000, 400, 1005, minute: 0));
        tracker.Take(Round(1500, 903, 1510, minute: 1));
        for (var minute = 2; minute <= 4; minute++)
            tracker.Take(Round(2000, 1400, 2000, minute));

        Assert.Equal((0, 0, 0), (tracker.View!.MissingAtLeast, tracker.View.MissingAtMost, tracker.View.SurplusAtLeast));
        // Three rounds were quiet, so the offset is known exactly.
        Assert.Equal((600, 600, At(3)), (tracker.View.OffsetLeast, tracker.View.OffsetMost, tracker.View.Since));
    }

    [Fact]
    public void WhatIsMissingIsToldWithItsNumberWhenItLasts()
    {
        var tracker = new CountTracker("cp-1", null);
        tracker.Take(Round(100, 100, 100, minute: 0));

        tracker.Take(Round(207, 200, 207, minute: 1));
        tracker.Take(Round(307, 300, 307, minute: 2));
        Assert.Equal(0, tracker.View!.MissingAtLeast);
        tracker.Take(Round(407, 400, 407, minute: 3, new(0, 0, Gaps: 1)));

        Assert.Equal((7, 7, CompletenessReasons.RotatedAway), (tracker.View.MissingAtLeast, tracker.View.MissingAtMost, tracker.View.Reason));
        Assert.Equal(At(3), tracker.View.FoundAt);
    }

    [Fact]
    public void WhatWasOnlyLateIsNotMissing()
    {
        var tracker = new CountTracker("cp-1", null);
        tracker.Take(Round(100, 100, 100, minute: 0));
        tracker.Take(Round(207, 200, 207, minute: 1));
        tracker.Take(Round(307, 300, 307, minute: 2));
        tracker.Take(Round(400, 400, 400, minute: 3));
        tracker.Take(Round(507, 500, 507, minute: 4));

        Assert.Equal(0, tracker.View!.MissingAtLeast);
    }

    [Theory]
    [InlineData(1, 0, 0, CompletenessReasons.LogNotWritten)]
    [InlineData(0, 1, 0, CompletenessReasons.WebhookOverflow)]
    [InlineData(0, 0, 1, CompletenessReasons.RotatedAway)]
    [InlineData(0, 0, 0, CompletenessReasons.AnotherLog)]
    public void TheLikeliestReasonIsWhatWasCountedMeanwhile(long notLogged, long notSent, long gaps, string reason)
    {
        var tracker = new CountTracker("cp-1", null);
        var before = new LossCauses(5, 5, 5);
        tracker.Take(Round(100, 100, 100, minute: 0, before));
        for (var minute = 1; minute <= 3; minute++)
            tracker.Take(Round(200, 190, 200, minute, new(5 + notLogged, 5 + notSent, 5 + gaps)));

        Assert.Equal(reason, tracker.View!.Reason);
    }

    [Fact]
    public void MoreReadThanMadeIsAnotherWriter()
    {
        var tracker = Begun(100);
        for (var minute = 1; minute <= 3; minute++)
            tracker.Take(Round(200, 220, 200, minute));

        Assert.Equal((0, 20, CompletenessReasons.AnotherWriter), (tracker.View!.MissingAtLeast, tracker.View.SurplusAtLeast, tracker.View.Reason));
    }

    [Fact]
    public void WhatWasReadLateAtTheBeginningWasNotAdded()
    {
        var tracker = new CountTracker("cp-1", null);
        tracker.Take(Round(1000, 700, 1000, minute: 0));
        for (var minute = 1; minute <= 5; minute++)
            tracker.Take(Round(1000, 1000, 1000, minute));

        Assert.Equal((0, 0), (tracker.View!.SurplusAtLeast, tracker.View.MissingAtLeast));
    }

    [Fact]
    public void WhatWasAddedDoesNotPayForWhatIsLostAfterwards()
    {
        var tracker = Begun(1000);
        for (var minute = 1; minute <= 3; minute++)
            tracker.Take(Round(1000, 1500, 1000, minute));
        for (var minute = 4; minute <= 6; minute++)
            tracker.Take(Round(1500, 1500, 1500, minute));

        Assert.Equal((500, 500), (tracker.View!.SurplusAtLeast, tracker.View.MissingAtLeast));
    }

    [Fact]
    public void WhatWasAddedTakesBackNoLoss()
    {
        var tracker = Begun(1000);
        Take(tracker, minutes: 1..5, made: 1100, read: 1000);
        Take(tracker, minutes: 5..20, made: 1100, read: 1500);

        Assert.Equal((400, 100), (tracker.View!.SurplusAtLeast, tracker.View.EarlierMissing + tracker.View.MissingAtLeast));
    }

    [Fact]
    public void WhatIsReadAfterAllIsMissingNoLonger()
    {
        var tracker = Begun(1000);
        // An agent that is late for longer than it should be.
        Take(tracker, minutes: 1..8, made: 1900, read: 1000);
        Assert.Equal(900, tracker.View!.MissingAtLeast);

        // Seven of them are not read.
        Take(tracker, minutes: 8..20, made: 2000, read: 1993);

        Assert.Equal((7, 7, CompletenessReasons.AnotherLog), (tracker.View!.MissingAtLeast, tracker.View.MissingAtMost, tracker.View.Reason));
        Take(tracker, minutes: 20..30, made: 2000, read: 2000);
        Assert.Equal((0, 0, null, null), (tracker.View!.MissingAtLeast, tracker.View.MissingAtMost, tracker.View.FoundAt, tracker.View.Reason));
    }

    [Fact]
    public void ALossJustBeforeTheDayIsOverIsFound()
    {
        const int Day = 60 * 24;
        var tracker = Begun(100);
        Take(tracker, minutes: 1..4, made: 207, read: 200);
        Take(tracker, minutes: (Day - 20)..Day, made: 300, read: 293);

        // It was found at the third minute; the last look before its end shows the next one.
        Take(tracker, minutes: (Day + 2)..(Day + 30), made: 1300, read: 393);

        Assert.Equal((900, 0), (tracker.View!.MissingAtLeast, tracker.View.EarlierMissing));
    }

    [Fact]
    public void ALossThatIsOverIsNotToldAgain()
    {
        const int Day = 60 * 24;
        var tracker = Begun(100);
        Take(tracker, minutes: 1..4, made: 207, read: 200);

        tracker.Forget(At(Day + 4));
        Take(tracker, minutes: (Day + 4)..(Day + 30), made: 300, read: 293);

        Assert.Equal((0, 0, null), (tracker.View!.MissingAtLeast, tracker.View.MissingAtMost, tracker.View.FoundAt));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1000)]
    public void ASmallSteadyLossIsFoundWithinAnHour(int rate)
    {
        var tracker = Begun(0);
        for (var round = 1; round < 120; round++)
        {
            var (made, later) = (round * 30L * rate, (round * 30L * rate) + (2 * rate));
            tracker.Take(new("s", "a", made, later - (later / 1000), later + 10, default, Some.Noon.AddSeconds(round * 30)));
        }

        Assert.True(tracker.View!.MissingAtLeast > 0);
    }

    [Fact]
    public void AfterADayALossIsTold()
    {
        var tracker = new CountTracker("cp-1", null);
        tracker.Take(Round(100, 100, 100, minute: 0));
        for (var minute = 1; minute <= 3; minute++)
            tracker.Take(Round(207, 200, 207, minute));
        tracker.Take(Round(900, 893, 900, minute: 60 * 24));
        Assert.Equal(7, tracker.View!.MissingAtLeast);

        tracker.Take(Round(900, 893, 900, minute: (60 * 24) + 3));

        Assert.Equal((0, 0, null), (tracker.View!.MissingAtLeast, tracker.View.EarlierMissing, tracker.View.Reason));
    }
}
