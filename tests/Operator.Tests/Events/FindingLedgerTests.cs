using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Events;
using static ClusterTrail.Operator.Tests.Events.ReportedFindings;

namespace ClusterTrail.Operator.Tests.Events;

/// <summary>What is reported of findings, poll by poll. The operator began at noon, its agents an hour before unless a test says
/// otherwise.</summary>
public sealed class FindingLedgerTests
{
    static readonly DateTimeOffset Noon = Some.Noon;
    static readonly DateTimeOffset Before = Noon.AddHours(-1);
    readonly FindingLedger ledger = new(Noon);

    [Fact]
    public void TheFirstIsToldAtOnceAndThoseAfterItTogetherFiveMinutesLater()
    {
        Assert.Empty(Poll(0, By("cp-1", Before), By("cp-2", Before)));
        Assert.Equal(
            "pod-exec (high): a finding on cp-1 at 2026-11-22T12:00:05Z, eventID e1: Somebody ran a command in a pod, or attached to it.",
            Assert.Single(Poll(10, By("cp-1", Before, PodExec(1, Noon.AddSeconds(5))))).Note);

        for (var second = 20; second < 310; second += 10)
            Assert.Empty(
                Poll(second, By("cp-1", Before, PodExec(second / 10, Noon.AddSeconds(second), $"e{second}")),
                    By("cp-2", Before, PodExec(2, Noon.AddSeconds(15), "x"))));

        Assert.Equal(
            "pod-exec (high): 32 findings on cp-1, cp-2 in the last 5 min, the newest at 2026-11-22T12:05:10Z, eventID e310: "
                + "Somebody ran a command in a pod, or attached to it.",
            Assert.Single(
                Poll(310, By("cp-1", Before, PodExec(31, Noon.AddSeconds(310), "e310")),
                    By("cp-2", Before, PodExec(2, Noon.AddSeconds(15), "x")))).Note);
        Assert.Empty(Poll(1000, By("cp-1", Before, PodExec(31, Noon.AddSeconds(310), "e310"))));
    }

    [Fact]
    public void RulesDoNotWaitForEachOther()
    {
        var other = PodExec(1, Noon.AddSeconds(9)) with { Rule = "cluster-admin-bound", Severity = "critical" };
        Poll(0, By("cp-1", Before));
        Poll(10, By("cp-1", Before, PodExec(1, Noon.AddSeconds(5))));

        Assert.Equal("cluster-admin-bound", Assert.Single(Poll(20, By("cp-1", Before, PodExec(2, Noon.AddSeconds(15)), other))).Rule);
    }

    [Theory]
    [InlineData("info", false)]
    [InlineData("low", false)]
    [InlineData("medium", false)]
    [InlineData("high", true)]
    [InlineData("critical", true)]
    public void OnlyGraveFindingsAreTold(string severity, bool isTold)
    {
        Poll(0, By("cp-1", Before));

        Assert.Equal(isTold, Poll(10, By("cp-1", Before, PodExec(1, Noon.AddSeconds(5), severity: severity))).Count == 1);
    }

    [Fact]
    public void ARuleThatBecomesGraveIsNotToldOfWhatItFoundBefore()
    {
        Poll(0, By("cp-1", Before));
        Poll(10, By("cp-1", Before, PodExec(7, Noon.AddSeconds(5), severity: "medium")));

        Assert.Empty(Poll(20, By("cp-1", Before, PodExec(7, Noon.AddSeconds(5)))));
        Assert.Equal(1, Assert.Single(Poll(30, By("cp-1", Before, PodExec(8, Noon.AddSeconds(25))))).Count);
    }

    [Fact]
    public void WhatCouldNotBeWrittenStaysDue()
    {
        ledger.Due([By("cp-1", Before)], Noon);

        Assert.Equal(1, Assert.Single(ledger.Due([By("cp-1", Before, PodExec(1, Noon.AddSeconds(5)))], Noon.AddSeconds(10))).Count);
        var again = Assert.Single(ledger.Due([By("cp-1", Before, PodExec(3, Noon.AddSeconds(15)))], Noon.AddSeconds(20)));
        ledger.Reported(again, Noon.AddSeconds(20));

        Assert.Equal(3, again.Count);
        Assert.Empty(ledger.Due([By("cp-1", Before, PodExec(3, Noon.AddSeconds(15)))], Noon.AddSeconds(400)));
    }

    [Fact]
    public void AnAgentThatStartsAnewAndReadsAgainRepeatsNothing()
    {
        Poll(0, By("cp-1", Before));
        Assert.Single(Poll(10, By("cp-1", Before, PodExec(3, Noon.AddSeconds(5), "e3"))));
        var started = Noon.AddMinutes(10);

        Assert.Empty(Poll(610, By("cp-1", started)));
        Assert.Empty(Poll(620, By("cp-1", started, PodExec(1, Noon.AddSeconds(4), "e2"))));
        Assert.Empty(Poll(630, By("cp-1", started, PodExec(2, Noon.AddSeconds(5), "e3"))));
        var reported = Assert.Single(Poll(640, By("cp-1", started, PodExec(3, Noon.AddSeconds(635), "e4"))));

        Assert.Equal((1, "e4"), (reported.Count, reported.Newest.LastEventId));
    }

    [Fact]
    public void ALogThatIsNotQuiteInOrderIsNotRepeatedEither()
    {
        Poll(0, By("cp-1", Before));
        Poll(10, By("cp-1", Before, PodExec(1, Noon.AddSeconds(9), "later")));
        Poll(310, By("cp-1", Before, PodExec(2, Noon.AddSeconds(8), "earlier")));
        var started = Noon.AddMinutes(10);

        Assert.Empty(Poll(620, By("cp-1", started, PodExec(1, Noon.AddSeconds(9), "later"))));
        Assert.Empty(Poll(630, By("cp-1", started, PodExec(2, Noon.AddSeconds(8), "earlier"))));
    }

    [Fact]
    public void AnAgentThatStartsAnewLosesNothingThatWasNotToldYet()
    {
        Poll(0, By("cp-1", Before));
        Poll(10, By("cp-1", Before, PodExec(1, Noon.AddSeconds(5), "e1")));
        Assert.Empty(Poll(20, By("cp-1", Before, PodExec(4, Noon.AddSeconds(15), "e4"))));

        Assert.Empty(Poll(60, By("cp-1", Noon.AddSeconds(50), PodExec(2, Noon.AddSeconds(55), "e6"))));
        Assert.Equal(5, Assert.Single(Poll(320)).Count);
    }

    [Fact]
    public void AnAgentThatDoesNotAnswerForAWhileIsTakenUpWhereItWas()
    {
        Poll(0, By("cp-1", Before));
        Poll(10, By("cp-1", Before, PodExec(1, Noon.AddSeconds(5))));
        Poll(20);

        Assert.Equal(2, Assert.Single(Poll(3600, By("cp-1", Before, PodExec(3, Noon.AddSeconds(900))))).Count);
    }

    [Fact]
    public void ARuleThatWasOffInBetweenCountsFromZero()
    {
        Poll(0, By("cp-1", Before));
        Poll(10, By("cp-1", Before, PodExec(9, Noon.AddSeconds(5), "e9")));
        Poll(20, By("cp-1", Before));

        Assert.Equal(2, Assert.Single(Poll(400, By("cp-1", Before, PodExec(2, Noon.AddSeconds(390), "e11")))).Count);
    }

    [Fact]
    public void WhoLeadsAnewTellsTheLastTenMinutesOnceMoreAndNothingOlder()
    {
        var older = PodExec(8, Noon.AddMinutes(-11)) with { Rule = "older" };

        var reported = Assert.Single(Poll(5, By("cp-1", Before, older, PodExec(12, Noon.AddMinutes(-9)))));

        Assert.Equal(("pod-exec", 1L), (reported.Rule, reported.Count)); // eleven of the twelve may be of yesterday
        Assert.Empty(Poll(500, By("cp-1", Before, older, PodExec(12, Noon.AddMinutes(-9)))));
        Assert.Equal(
            "older",
            Assert.Single(
                Poll(510,
                    By("cp-1", Before, older with { Count = 9, LastAt = Noon.AddSeconds(505) }, PodExec(12, Noon.AddMinutes(-9))))).Rule);
    }

    [Fact]
    public void AnAgentThatStartedAMomentBeforeTheOperatorIsToldOfWhole() =>
        Assert.Equal(4, Assert.Single(Poll(5, By("cp-1", Noon.AddMinutes(-2), PodExec(4, Noon.AddMinutes(-1))))).Count);

    [Fact]
    public void AnAgentThatStartedLaterIsToldOfWholeHoweverOldItsLog() =>
        Assert.Equal(4, Assert.Single(Poll(60, By("cp-1", Noon.AddSeconds(30), PodExec(4, Noon.AddDays(-3))))).Count);

    [Fact]
    public void WhatAnAgentFoundWhileItDidNotAnswerIsOlderThanTenMinutesButWasNeverTold()
    {
        Poll(0);

        Assert.Single(Poll(3600, By("cp-1", Before, PodExec(5, Noon.AddMinutes(20)))));
    }

    [Fact]
    public void AnAgentThatWasReplacedIsNotListenedTo()
    {
        Poll(0, By("cp-1", Before));
        Assert.Single(Poll(20, By("cp-1", Noon.AddSeconds(10), PodExec(1, Noon.AddSeconds(15)))));

        Assert.Empty(Poll(900, By("cp-1", Before, PodExec(50, Noon.AddSeconds(800)))));
    }

    [Fact]
    public void OfManyNodesSomeAreNamed()
    {
        AgentStatus[] reports =
        [
            .. Enumerable.Range(10, 12).Select(number => By($"cp-{number}", Noon.AddSeconds(1), PodExec(1, Noon.AddSeconds(number)))),
        ];

        Assert.StartsWith(
            "pod-exec (high): 12 findings on cp-10, cp-11, cp-12, cp-13, cp-14, cp-15, cp-16, cp-17, cp-18, cp-19 and 2 more, "
                + "the newest at 2026-11-22T12:00:21Z",
            Assert.Single(Poll(30, reports)).Note, StringComparison.Ordinal);
    }

    /// <summary>Asks the agents so many seconds after noon, and tells what is due.</summary>
    IReadOnlyList<FindingReport> Poll(int second, params AgentStatus[] reports)
    {
        var now = Noon.AddSeconds(second);
        var due = ledger.Due(reports, now);
        foreach (var news in due)
            ledger.Reported(news, now);
        return due;
    }
}
