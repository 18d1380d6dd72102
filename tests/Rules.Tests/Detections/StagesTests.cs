using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Testing;

namespace ClusterTrail.Rules.Tests.Detections;

public sealed class StagesTests
{
    static readonly DetectionRule AtStart = Rule(AuditStage.ResponseStarted, AuditStage.ResponseComplete);

    [Fact]
    public void ByDefaultARequestIsJudgedWhenItIsComplete()
    {
        var detecting = new Detecting(Detecting.Rule());

        Assert.Equal(0, detecting.Count(Line("RequestReceived"), Line("ResponseStarted"), Line("Panic")));
        Assert.Equal(1, detecting.Count(Line("ResponseComplete")));
    }

    [Fact]
    public void TheFirstOfTheStagesThatArrivesFiresAndNoLaterOne()
    {
        var detecting = new Detecting(AtStart);

        Assert.Equal([1, 0, 0], [detecting.Count(Line("ResponseStarted")), detecting.Count(Line("ResponseComplete")), detecting.Count(Line("RequestReceived"))]);
    }

    [Fact]
    public void AStageThatThePolicyLeavesOutIsNotWaitedFor()
    {
        var detecting = new Detecting(AtStart);

        Assert.Equal(3, detecting.Count(Line("ResponseComplete", 1), Line("ResponseComplete", 2), Line("ResponseComplete", 3)));
    }

    [Fact]
    public void StagesMayArriveInAnyOrder()
    {
        var detecting = new Detecting(AtStart);

        Assert.Equal(1, detecting.Count(Line("ResponseComplete"), Line("ResponseStarted")));
    }

    [Fact]
    public void ThreeStagesAreOneFinding()
    {
        var detecting = new Detecting(Rule(AuditStage.RequestReceived, AuditStage.ResponseStarted, AuditStage.ResponseComplete));

        Assert.Equal(2, detecting.Count([.. new[] { 1, 2 }.SelectMany(request => new[] { "RequestReceived", "ResponseStarted", "ResponseComplete" }.Select(stage => Line(stage, request)))]));
    }

    [Fact]
    public void RequestsThatOverlapAreToldOnceEach()
    {
        var detecting = new Detecting(AtStart);
        var requests = Enumerable.Range(0, 20).ToList();

        Assert.Equal(20, detecting.Count([.. requests.Select(request => Line("ResponseStarted", request))]));
        Assert.Equal(0, detecting.Count([.. requests.Select(request => Line("ResponseComplete", request))]));
    }

    [Fact]
    public void TwoRequestsOfOneUserAtOneInstantAreTwo()
    {
        var detecting = new Detecting(AtStart);
        byte[][] lines = [Line("ResponseStarted"), Line("ResponseComplete"), Line("ResponseStarted"), Line("ResponseComplete")];

        Assert.Equal(2, detecting.Count(lines));
        Assert.Equal(2, detecting.Count(Line("ResponseStarted", 5), Line("ResponseStarted", 5, ("verb", "\"delete\""))));
    }

    [Fact]
    public void WhoRepeatsAnothersAuditIdHidesNothing()
    {
        var detecting = new Detecting(AtStart);
        var same = ("auditID", "\"11111111-1111-1111-1111-111111111111\"");

        var findings = detecting.Count(
            Line("ResponseStarted", 1, same),
            Line("ResponseStarted", 1, same, ("user", """{"username":"mallory"}""")),
            Line("ResponseStarted", 2, same),
            Line("ResponseComplete", 3, same));

        Assert.Equal(4, findings);
    }

    [Fact]
    public void WhatMatchesOnlyLaterFiresLater()
    {
        var detecting = new Detecting(AtStart with { Match = new() { Fields = [new() { Path = "responseStatus.code", Operator = FieldOperator.Equals, Values = ["403"] }] } });

        Assert.Equal(1, detecting.Count(Line("ResponseStarted", 1, ("responseStatus", null)), Line("ResponseComplete", 1, ("responseStatus", "{\"code\":403}"))));
    }

    [Fact]
    public void AStageThatNeverArrivesIsNotEvaluableOnceEnoughIsSeen()
    {
        var detecting = new Detecting(Rule(AuditStage.RequestReceived) with { Match = new() { Verbs = ["get"] } });

        detecting.Count([.. Enumerable.Range(0, 199).Select(request => Line("ResponseComplete", request))]);
        var early = detecting.Counts();
        detecting.Count(Line("ResponseComplete", 200), Line("ResponseComplete", 201), Line("ResponseComplete", 202, ("verb", "\"list\"")));
        var late = detecting.Counts();
        var needs = detecting.Detector.Needs(0);
        var found = detecting.Count(Line("RequestReceived", 203));
        detecting.Count(Line("ResponseComplete", 204));
        var after = detecting.Counts();

        Assert.Equal(default, early);
        Assert.Equal((false, 2), (late.IsEvaluable, late.NotEvaluable));
        Assert.Equal("stage RequestReceived", needs);
        Assert.Equal(1, found);
        Assert.Equal((true, 0), (after.IsEvaluable, after.NotEvaluable));
    }

    [Fact]
    public void AStageThatArrivesNowAndThenIsNoneThatIsLeftOut()
    {
        var detecting = new Detecting(Rule(AuditStage.Panic));

        detecting.Count([Line("Panic"), .. Enumerable.Range(0, 500).Select(request => Line("ResponseComplete", request))]);

        Assert.Equal(0, detecting.Counts().NotEvaluable);
    }

    static DetectionRule Rule(params AuditStage[] stages) => Detecting.Rule() with { Stages = stages };

    static byte[] Line(string stage, int request = 0, params (string, string?)[] more) =>
        AuditLine.Of([("stage", $"\"{stage}\""), ("requestReceivedTimestamp", $"\"2026-11-22T05:35:25.{request:D6}Z\""), .. more]);
}
