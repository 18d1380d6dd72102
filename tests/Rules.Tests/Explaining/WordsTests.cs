using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Detections;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Explaining;
using ClusterTrail.Testing;

namespace ClusterTrail.Rules.Tests.Explaining;

/// <summary>The words that a person reads.</summary>
public sealed class WordsTests
{
    static readonly MatchCondition Done = new() { Path = "responseStatus.code", Operator = FieldOperator.StartsWith, Values = ["2"] };
    static readonly MatchCondition Pod = new() { Path = "requestObject.kind", Operator = FieldOperator.Equals, Values = ["Pod"] };

    [Fact]
    public void TheFirstPartOfARequestThatDoesNotMatchIsNamed()
    {
        Assert.Equal("match.verbs: \"get\" is not among create, update", No(new() { Verbs = ["create", "update"] }));
        Assert.Equal("match.users: \"ann\" is not among bob", No(new() { Users = ["bob"] }));
        Assert.Equal("match.userGroups: none of \"devs\", \"system:authenticated\" is among ops", No(new() { UserGroups = ["ops"] }));
        Assert.Equal("match.namespaces: \"shop\" is not among kube-system", No(new() { Namespaces = ["kube-system"] }));
        Assert.Equal("match.namespaces: \"shop\" is not among nothing, since its lists are empty", No(new() { Namespaces = ["\0"] }));
        Assert.Equal(
            "match.resources: pods of group \"\" named \"web\" is not among pods/exec of group \"\"; all of group \"apps\"",
            No(new() { Resources = [new() { Resources = ["pods/exec"] }, new() { Group = "apps" }] }));
        Assert.Equal("match.nonResourceURLs: the request is for an object", No(new() { NonResourceURLs = ["/healthz"] }));
    }

    [Fact]
    public void AConditionTellsWhatIsThereAndWhatIsWanted()
    {
        Assert.Equal("match.fields[0]: responseStatus.code is \"403\"; wanted: StartsWith \"2\"", No(new() { Fields = [Done] }, ("responseStatus", """{"code":403}""")));
        Assert.Equal("match.fields[0]: responseStatus.code is missing; wanted: StartsWith \"2\"", No(new() { Fields = [Done] }, ("responseStatus", "{}")));
        Assert.Equal("match.fields[0]: user is no plain value; wanted: Equals \"x\"", No(new() { Fields = [new() { Path = "user", Operator = FieldOperator.Equals, Values = ["x"] }] }));
        Assert.Equal(
            "match.fields[0]: requestObject.rules[*] has no such item; wanted: an item with verbs Equals \"*\" and resources Equals \"*\"",
            No(
                new() { Fields = [new() { Path = "requestObject.rules[*]", Where = [Star("verbs"), Star("resources")] }] },
                ("requestObject", """{"rules":[{"verbs":["*"],"resources":["pods"]},{"verbs":["get"],"resources":["*"]}]}""")));
    }

    [Fact]
    public void PartsOfPartsAreNamedByTheirPlaces()
    {
        Assert.Equal("match.any: none holds: any[0].verbs: \"get\" is not among create", No(new() { Any = [new() { Verbs = ["create"] }] }));
        Assert.Equal("match.all[1].users: \"ann\" is not among bob", No(new() { All = [new(), new() { Users = ["bob"] }] }));
        Assert.Equal("match.none[1] holds, and must not", No(new() { None = [new() { Users = ["bob"] }, new() { Users = ["ann"] }] }));
    }

    [Fact]
    public void WhatCannotBeToldNamesTheLevelThatItNeeds()
    {
        var rule = Rule(new() { Fields = [Pod, Done] });

        Assert.Equal((Verdict.NotEvaluable, "match.fields[0]: requestObject needs level Request, the event has Metadata"), Explain(rule, ("level", "\"Metadata\"")));
        Assert.Equal(
            (Verdict.NotEvaluable, "match.fields[0]: the API server cut requestObject out of the event, which is too large (audit.k8s.io/truncated)"),
            Explain(rule, ("annotations", """{"audit.k8s.io/truncated":"true"}""")));
        Assert.Equal(
            (Verdict.NotEvaluable, "match.fields[0]: responseObject needs level RequestResponse, the event has Request; the request is a JSON Patch"),
            Explain(Rule(new() { Fields = [Pod with { Path = "object.kind" }] }), ("level", "\"Request\""), ("requestObject", "[]")));
        // What is known to be wrong decides.
        Assert.Equal(Verdict.No, Explain(rule, ("level", "\"Metadata\""), ("responseStatus", """{"code":500}""")).Verdict);
    }

    [Fact]
    public void ExceptionsStagesAndThresholdsAreTold()
    {
        var rule = Rule(new());

        Assert.Equal((Verdict.Fires, ""), Explain(rule));
        Assert.Equal((Verdict.Excepted, "users: \"ann\" is among a*"), Explain(rule with { Exceptions = new() { Users = ["a*"] } }));
        Assert.Equal((Verdict.Excepted, "namespaces: \"shop\" is among shop"), Explain(rule with { Exceptions = new() { Namespaces = ["shop"] } }));
        Assert.Equal(
            (Verdict.NotEvaluable, "exceptions.images: requestObject needs level Request, the event has Metadata"),
            Explain(rule with { Exceptions = new() { Images = ["a"] } }, ("level", "\"Metadata\"")));
        Assert.Equal((Verdict.OtherStage, "stage ResponseComplete, and the event is of ResponseStarted"), Explain(rule, ("stage", "\"ResponseStarted\"")));
        Assert.Equal(
            (Verdict.Counts, "would count towards 20 in 300 s by user.username=ann"),
            Explain(rule with { Threshold = new() { Count = 20, WindowSeconds = 300, By = ["user.username"] } }));
    }

    static MatchCondition Star(string path) => new() { Path = path, Operator = FieldOperator.Equals, Values = ["*"] };

    static string? No(Match match, params (string, string?)[] members)
    {
        var (verdict, why) = Explain(Rule(match), members);
        Assert.Equal(Verdict.No, verdict);
        return why;
    }

    static DetectionRule Rule(Match match) => new() { Name = "rule", Group = "group", Description = "A rule.", Severity = DetectionSeverity.Low, Match = match };

    static (Verdict Verdict, string Why) Explain(DetectionRule rule, params (string, string?)[] members)
    {
        Assert.True(AuditEvent.TryParse(AuditLine.Of(members), new JsonIndex(), out var audit, out _));
        var explanation = new Detection(rule).Explain(audit);
        return (explanation.Verdict, explanation.Why);
    }
}
