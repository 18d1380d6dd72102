using ClusterTrail.Operator.Completeness;
using ClusterTrail.Operator.Model;
using static ClusterTrail.Operator.Tests.Completeness.SomeRounds;

namespace ClusterTrail.Operator.Tests.Completeness;

/// <summary>API servers, agents and operators that restart while events are counted.</summary>
public sealed class CountTrackerRestartTests
{
    [Fact]
    public void WhatWasCountedBeforeARestartAndIsNeverReadIsFound()
    {
        var tracker = Begun(1000);
        // Two looks are not believed. Then another process counts from 0.
        Take(tracker, minutes: 1..3, made: 1900, read: 1000);
        Take(tracker, minutes: 3..30, made: 100, read: 1100, server: "another");

        Assert.Equal((900, CompletenessReasons.AnotherLog), (tracker.View!.EarlierMissing, tracker.View.Reason));
        Assert.Equal(0, tracker.View.MissingAtLeast);
    }

    [Fact]
    public void WhatIsReadOnlyAfterARestartWasNotLost()
    {
        var tracker = Begun(1000);
        Take(tracker, minutes: 1..3, made: 1900, read: 1000);
        // Another one restarts soon, and what all of them made is read late.
        Take(tracker, minutes: 3..5, made: 100, read: 1000, server: "second");
        Take(tracker, minutes: 5..7, made: 50, read: 1000, server: "third");
        Take(tracker, minutes: 7..30, made: 50, read: 2050, server: "third");

        Assert.Equal((0, 0, null), (tracker.View!.EarlierMissing, tracker.View.MissingAtLeast, tracker.View.Reason));
    }

    [Fact]
    public void RestartsThatFollowEachOtherHideNothing()
    {
        var tracker = Begun(1000);
        Take(tracker, minutes: 1..3, made: 1900, read: 1000);
        Take(tracker, minutes: 3..5, made: 100, read: 1100, server: "second");
        Take(tracker, minutes: 5..30, made: 50, read: 1150, server: "third");

        Assert.Equal(900, tracker.View!.EarlierMissing);
    }

    [Fact]
    public void OfASumNobodyKnowsWhatRestarted()
    {
        var tracker = new CountTracker(CompletenessView.All, null);
        Take(tracker, minutes: 0..20, made: 3000, read: 3000);

        // One of three counts from 0.
        Take(tracker, minutes: 20..40, made: 2000, read: 3000, server: "another");

        Assert.Equal((0, 0), (tracker.View!.EarlierMissing, tracker.View.MissingAtLeast));
    }

    [Fact]
    public void AfterARestartOfTheOperatorFormerErrorsAreNoReason()
    {
        var former = new LossCauses(NotLogged: 0, NotSent: 5, Gaps: 0);
        var before = new CountTracker("cp-1", null);
        Take(before, minutes: 0..20, made: 100, read: 100, former);

        var after = new CountTracker("cp-1", before.View);
        Take(after, minutes: 20..30, made: 200, read: 150, former);
        Assert.Equal((50, CompletenessReasons.AnotherLog), (after.View!.MissingAtLeast, after.View.Reason));

        // Errors while there was no operator are one.
        var again = new CountTracker("cp-1", before.View);
        Take(again, minutes: 20..30, made: 200, read: 150, former with { NotSent = 55 });
        Assert.Equal((50, CompletenessReasons.WebhookOverflow), (again.View!.MissingAtLeast, again.View.Reason));
    }

    [Fact]
    public void WhatAnOlderOperatorHasLeftHasNoCauses()
    {
        var before = Begun(100).View! with { NotLogged = null, NotSent = null, Gaps = null };

        var after = new CountTracker("cp-1", before);
        Take(after, minutes: 20..30, made: 200, read: 150, new(0, 5, 0));

        Assert.Equal((50, CompletenessReasons.AnotherLog), (after.View!.MissingAtLeast, after.View.Reason));
    }

    [Fact]
    public void AGapAfterARestartOfTheAgentIsTheReason()
    {
        var tracker = Begun(100);
        Take(tracker, minutes: 1..10, made: 200, read: 190, new(0, 0, Gaps: 1));
        // It restarted, counts on, and has found nothing yet.
        Take(tracker, minutes: 10..20, made: 200, read: 190);
        Take(tracker, minutes: 20..30, made: 300, read: 240, new(0, 0, Gaps: 1));

        Assert.Equal((60, CompletenessReasons.RotatedAway), (tracker.View!.MissingAtLeast, tracker.View.Reason));
    }

    [Fact]
    public void WhoseBeginningWasKnownByOneLateRoundHasNoSurplus()
    {
        var before = new CountTracker("cp-1", null);
        before.Take(Round(1000, 700, 1000, minute: 0));

        var after = new CountTracker("cp-1", before.View);
        Take(after, minutes: 1..20, made: 1000, read: 1000);

        Assert.Equal((0, 0), (after.View!.SurplusAtLeast, after.View.MissingAtLeast));
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
}
