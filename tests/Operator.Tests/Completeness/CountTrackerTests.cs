using ClusterTrail.Operator.Completeness;
using ClusterTrail.Operator.Model;

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
    public void WhatWasAddedDoesNotHideWhatIsLostAfterwards()
    {
        var tracker = Begun(1000);
        for (var minute = 1; minute <= 3; minute++)
            tracker.Take(Round(1000, 1500, 1000, minute));
        for (var minute = 4; minute <= 6; minute++)
            tracker.Take(Round(1500, 1500, 1500, minute));

        Assert.Equal(500, tracker.View!.SurplusAtLeast);
    }

    [Fact]
    public void ARestartBeginsAnewAndForgetsNoLoss()
    {
        var tracker = new CountTracker("cp-1", null);
        tracker.Take(Round(100, 100, 100, minute: 0));
        for (var minute = 1; minute <= 3; minute++)
            tracker.Take(Round(207, 200, 207, minute));

        tracker.Take(Round(3, 230, 3, minute: 4, server: "another"));
        tracker.Take(Round(50, 277, 50, minute: 5, server: "another"));

        Assert.Equal((7, 0, At(4)), (tracker.View!.EarlierMissing, tracker.View.MissingAtLeast, tracker.View.Since));
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

    [Fact]
    public void AnOperatorThatRestartsGoesOnWithWhatTheStatusHas()
    {
        var before = new CountTracker("cp-1", null);
        before.Take(Round(100, 100, 100, minute: 0));

        // What was lost while there was no operator is found all the same.
        var after = new CountTracker("cp-1", before.View);
        for (var minute = 10; minute <= 12; minute++)
            after.Take(Round(1000, 950, 1000, minute));

        Assert.Equal((50, 50), (after.View!.MissingAtLeast, after.View.MissingAtMost));
    }

    /// <summary>Random loads, delays, losses and restarts against the truth.</summary>
    [Theory]
    [InlineData(1, 2000)]
    public void WhatItSaysIsTrue(int seed, int runs)
    {
        for (var run = 0; run < runs; run++)
            Run(new Random((seed * 1_000_003) + run));
    }

    static void Run(Random random)
    {
        var (made, read, lost, delay) = (random.Next(5000), (long)random.Next(5000), 0L, 0L);
        var rate = random.Next(0, 500);
        var tracker = new CountTracker("cp-1", null);
        var (lostBefore, lateBefore) = (0L, 0L);
        var late = new Queue<bool>();
        for (var round = 0; round < 60; round++)
        {
            // What was late is read by now, but in at most two of ten rounds.
            late.Enqueue(random.Next(5) == 0 && late.Count(was => was) < 2);
            if (late.Count > 9)
                late.Dequeue();
            if (!late.Last())
                (read, delay) = (read + delay, 0);
            var events = random.Next(4) == 0 ? 0 : random.Next((rate * 30) + 1);
            var loss = random.Next(20) == 0 ? Math.Min(events, random.Next(1, 2000)) : 0;
            (made, lost) = (made + events, lost + loss);
            (read, delay) = late.Last() ? (read, delay + events - loss) : (read + events - loss, delay);
            var before = made;
            var between = random.Next(3) == 0 ? 0 : random.Next((rate * 2) + 1);
            var unread = late.Last() ? between : random.Next(between + 1);
            (made, read, delay) = (made + between, read + between - unread, delay + unread);
            var later = random.Next(3) == 0 ? 0 : random.Next(rate + 1);
            tracker.Take(Round(before, read, made += later, round));
            delay += later;

            var view = tracker.View!;
            (lostBefore, lateBefore) = view.Since == At(round) ? (lost, delay - later) : (lostBefore, lateBefore);
            Assert.True(view.MissingAtLeast <= lost, $"round {round}: {view.MissingAtLeast} said, {lost} lost");
            // What was late at the beginning cannot be told from what was lost just then.
            Assert.True(
                view.MissingAtMost >= lost - lostBefore - lateBefore, $"round {round}: at most {view.MissingAtMost} said, {lost} lost");
            Assert.Equal(0, view.SurplusAtLeast);
        }
    }

    // Follows counts for so long that it is sure of the beginning.
    static CountTracker Begun(long made)
    {
        var tracker = new CountTracker("cp-1", null);
        for (var round = 0; round < 20; round++)
            tracker.Take(Round(made, made, made, round - 20));
        return tracker;
    }

    static DateTimeOffset At(int minute) => Some.Noon.AddMinutes(minute);

    static CountRound Round(long before, long read, long after, int minute, LossCauses? causes = null, string server = "s", string agent = "a") =>
        new(server, agent, before, read, after, causes ?? default, At(minute));
}
