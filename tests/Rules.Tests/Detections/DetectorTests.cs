using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Detections;
using ClusterTrail.Rules.Events;
using ClusterTrail.Testing;

namespace ClusterTrail.Rules.Tests.Detections;

public sealed class DetectorTests
{
    static readonly Match OfBody = new() { Verbs = ["get"], Fields = [Field("requestObject.a")] };

    [Fact]
    public void EveryRuleThatMatchesFires()
    {
        var detecting = new Detecting(Detecting.Rule(new() { Verbs = ["get"] }, "a"), Detecting.Rule(new() { Verbs = ["list"] }, "b"), Detecting.Rule(name: "c"));

        var findings = detecting.See(AuditLine.Of());

        Assert.Equal([0, 2], findings.Select(finding => finding.Rule));
        Assert.All(findings, finding => Assert.Equal((1, new Position(new(1, 2), 0)), (finding.Events, Assert.Single(finding.Evidence))));
    }

    [Fact]
    public void WhatCannotBeJudgedIsCountedAndNoFinding()
    {
        var detecting = new Detecting(Detecting.Rule(OfBody));

        Assert.Empty(detecting.See(AuditLine.Of(("level", "\"Metadata\""))));
        Assert.Equal(new(false, 1, 0), detecting.Counts());
        Assert.Equal(default, detecting.Counts());
        Assert.Equal("level Request", detecting.Detector.Needs(0));
    }

    [Fact]
    public void WhatTheRuleIsNotAboutIsNeitherJudgedNorNot()
    {
        var detecting = new Detecting(Detecting.Rule(OfBody));

        detecting.See(AuditLine.Of(("verb", "\"list\"")));

        Assert.Equal(default, detecting.Counts());
    }

    [Theory]
    [InlineData("Request", null)]
    [InlineData("Request", """{"a":1}""")]
    [InlineData("RequestResponse", """{"b":1}""")]
    public void WhatHasItsBodyIsJudged(string level, string? body)
    {
        var detecting = new Detecting(Detecting.Rule(OfBody));

        detecting.See(AuditLine.Of(("level", $"\"{level}\""), ("requestObject", body)));

        Assert.Equal(new(true, 0, 0), detecting.Counts());
    }

    [Theory]
    [InlineData("requestObject.a", "", "", "Request")]
    [InlineData("responseObject.a", "", "", "RequestResponse")]
    [InlineData("object.a", "", "", "Request")]
    [InlineData("verb", "", "", "Metadata")]
    [InlineData("requestObject.a", "responseObject.a", "", "RequestResponse")]
    [InlineData("verb", "responseObject.a", "requestObject.a", "RequestResponse")]
    [InlineData("verb", "", "responseObject.a", "RequestResponse")]
    public void ALevelIsNeededThatAllPartsAreToldWith(string field, string all, string none, string level)
    {
        var match = new Match
        {
            Fields = [Field(field)],
            All = all == "" ? [] : [new() { Fields = [Field(all)] }],
            None = none == "" ? [] : [new() { Fields = [Field(none)] }],
        };

        Assert.Equal(level, $"{new Detection(Detecting.Rule(match)).BodyLevel}");
    }

    [Theory]
    [InlineData("requestObject.a", "responseObject.a", "Request")]
    [InlineData("requestObject.a", "verb", "Metadata")]
    public void OfAnyTheLeastLevelWillDo(string one, string other, string level)
    {
        var match = new Match { Any = [new() { Fields = [Field(one)] }, new() { Fields = [Field(other)] }] };

        Assert.Equal(level, $"{new Detection(Detecting.Rule(match)).BodyLevel}");
    }

    [Fact]
    public void ExceptedImagesNeedTheRequest()
    {
        var rule = Detecting.Rule() with { Exceptions = new() { Images = ["a"] } };

        Assert.Equal(AuditLevel.Request, new Detection(rule).BodyLevel);
        Assert.Equal(AuditLevel.RequestResponse, new Detection(rule with { Match = new() { Fields = [Field("responseObject.a")] } }).BodyLevel);
    }

    [Fact]
    public void ARuleThatFiredCouldJudge()
    {
        var detecting = new Detecting(Detecting.Rule(new() { None = [new() { Users = ["bob"], Fields = [Field("requestObject.a")] }] }));

        Assert.Single(detecting.See(AuditLine.Of(("level", "\"Metadata\""))));
        Assert.Equal(new(true, 0, 0), detecting.Counts());
    }

    static MatchCondition Field(string path) => new() { Path = path, Operator = FieldOperator.Exists };
}
