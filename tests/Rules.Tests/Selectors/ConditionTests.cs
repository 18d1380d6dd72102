using ClusterTrail.Contract.Selectors;
using ClusterTrail.Testing;

namespace ClusterTrail.Rules.Tests.Selectors;

public sealed class ConditionTests
{
    static readonly byte[] Line = AuditLine.Of(
        ("sourceIPs", """["203.0.113.9","::ffff:10.1.2.3","fd00::7"]"""),
        ("annotations", """{"authorization.k8s.io/decision":"allow","a]b":"x","it's":"y"}"""),
        ("requestObject", """
            {"spec":{"replicas":3,"ratio":0.5,"paused":true,"none":null,"empty":{},"list":[],"text":"","nested":[["a"],["b",null]],
            "containers":[{"name":"app","args":["--x","\u003cb\u003e"]},{"name":"side","securityContext":{"privileged":true}}]}}
            """.ReplaceLineEndings("")));

    [Theory]
    [InlineData("verb", FieldOperator.Equals, true, "get")]
    [InlineData("verb", FieldOperator.Equals, true, "list", "get")]
    [InlineData("verb", FieldOperator.Equals, false, "Get")]
    [InlineData("verb", FieldOperator.Equals, false, "ge")]
    [InlineData("verb", FieldOperator.NotEquals, true, "list")]
    [InlineData("verb", FieldOperator.NotEquals, false, "list", "get")]
    [InlineData("requestURI", FieldOperator.StartsWith, true, "/api/")]
    [InlineData("requestURI", FieldOperator.StartsWith, false, "api/")]
    [InlineData("requestURI", FieldOperator.StartsWith, true, "/x", "/api/v1")]
    [InlineData("requestURI", FieldOperator.NotStartsWith, false, "/api/")]
    [InlineData("requestURI", FieldOperator.NotStartsWith, true, "/apis/")]
    [InlineData("requestURI", FieldOperator.EndsWith, true, "/web")]
    [InlineData("requestURI", FieldOperator.EndsWith, false, "/we")]
    [InlineData("requestURI", FieldOperator.NotEndsWith, false, "/web", "/db")]
    [InlineData("requestURI", FieldOperator.NotEndsWith, true, "/db")]
    [InlineData("requestURI", FieldOperator.Matches, true, "pods/w.b$")]
    [InlineData("requestURI", FieldOperator.Matches, false, "^pods")]
    [InlineData("requestURI", FieldOperator.Matches, true, "^pods", "^/api/v[0-9]+/")]
    [InlineData("user.username", FieldOperator.Equals, true, "ann")]
    [InlineData("$.user.username", FieldOperator.Equals, true, "ann")]
    [InlineData("[\"user\"].username", FieldOperator.Equals, true, "ann")]
    public void OperatorsCompareText(string path, FieldOperator fieldOperator, bool expected, params string[] values) =>
        Assert.Equal(expected, Selecting.Holds(Line, path, fieldOperator, values));

    [Theory]
    [InlineData("user.groups[*]", FieldOperator.Equals, true, "devs")]
    [InlineData("user.groups", FieldOperator.Equals, true, "devs")]
    [InlineData("user.groups[0]", FieldOperator.Equals, true, "devs")]
    [InlineData("user.groups[1]", FieldOperator.Equals, false, "devs")]
    [InlineData("user.groups[2]", FieldOperator.Exists, false)]
    [InlineData("user.groups[*]", FieldOperator.NotEquals, false, "devs")]
    [InlineData("user.groups[*]", FieldOperator.NotEquals, true, "ops")]
    [InlineData("user.groups[*]", FieldOperator.NotStartsWith, false, "system:")]
    [InlineData("user[0]", FieldOperator.Exists, false)]
    [InlineData("user[*]", FieldOperator.Equals, true, "ann")]
    [InlineData("user[*]", FieldOperator.Equals, true, "devs")]
    [InlineData("user[*]", FieldOperator.Equals, false, "username")]
    [InlineData("verb[*]", FieldOperator.Exists, false)]
    [InlineData("user.groups.name", FieldOperator.Exists, false)]
    [InlineData("requestObject.spec.containers[*].name", FieldOperator.Equals, true, "side")]
    [InlineData("requestObject.spec.containers[1].name", FieldOperator.Equals, true, "side")]
    [InlineData("requestObject.spec.containers.name", FieldOperator.Exists, false)]
    [InlineData("requestObject.spec.containers[*].securityContext.privileged", FieldOperator.Equals, true, "true")]
    [InlineData("requestObject.spec.containers[*].securityContext.privileged", FieldOperator.NotEquals, false, "true")]
    [InlineData("requestObject.spec.containers[0].securityContext.privileged", FieldOperator.NotEquals, true, "true")]
    [InlineData("requestObject.spec.nested[*][*]", FieldOperator.Equals, true, "b")]
    [InlineData("requestObject.spec.nested[1][0]", FieldOperator.Equals, true, "b")]
    [InlineData("requestObject.spec.nested", FieldOperator.Equals, true, "b")]
    [InlineData("requestObject.spec.nested[0]", FieldOperator.Equals, false, "b")]
    public void AnyValueAtThePathIsEnoughAndNotMeansNone(string path, FieldOperator fieldOperator, bool expected, params string[] values) =>
        Assert.Equal(expected, Selecting.Holds(Line, path, fieldOperator, values));

    [Theory]
    [InlineData("annotations[\"authorization.k8s.io/decision\"]", "allow")]
    [InlineData("annotations['authorization.k8s.io/decision']", "allow")]
    [InlineData("annotations[\"a]b\"]", "x")]
    [InlineData("annotations[\"it's\"]", "y")]
    public void QuotedNamesReachAnyMember(string path, string value) => Assert.True(Selecting.Holds(Line, path, FieldOperator.Equals, value));

    [Theory]
    [InlineData("replicas", true, "3")]
    [InlineData("replicas", false, "3.0")]
    [InlineData("ratio", true, "0.5")]
    [InlineData("paused", true, "true")]
    [InlineData("paused", false, "True")]
    [InlineData("text", true, "")]
    [InlineData("none", false, "null")]
    [InlineData("none", false, "")]
    [InlineData("missing", false, "")]
    [InlineData("empty", false, "{}")]
    [InlineData("list", false, "")]
    public void NumbersAndBooleansAreComparedAsTheyAreWritten(string field, bool expected, string value)
    {
        Assert.Equal(expected, Selecting.Holds(Line, $"requestObject.spec.{field}", FieldOperator.Equals, value));
        Assert.Equal(!expected, Selecting.Holds(Line, $"requestObject.spec.{field}", FieldOperator.NotEquals, value));
    }

    [Theory]
    [InlineData("verb", true)]
    [InlineData("user", true)]
    [InlineData("user.groups", true)]
    [InlineData("requestObject", true)]
    [InlineData("requestObject.spec.empty", true)]
    [InlineData("requestObject.spec.list", true)]
    [InlineData("requestObject.spec.text", true)]
    [InlineData("requestObject.spec.replicas", true)]
    [InlineData("requestObject.spec.none", false)]
    [InlineData("requestObject.spec.missing", false)]
    [InlineData("requestObject.spec.list[*]", false)]
    [InlineData("missing.deeper", false)]
    [InlineData("verb.deeper", false)]
    [InlineData("responseObject", false)]
    public void ExistsAsksForAnythingButNull(string path, bool exists)
    {
        Assert.Equal(exists, Selecting.Holds(Line, path, FieldOperator.Exists));
        Assert.Equal(exists, Selecting.Holds(Line, path, FieldOperator.Exists, "true"));
        Assert.Equal(!exists, Selecting.Holds(Line, path, FieldOperator.Exists, "false"));
    }

    [Theory]
    [InlineData(FieldOperator.Equals, "<b>")]
    [InlineData(FieldOperator.StartsWith, "<")]
    [InlineData(FieldOperator.EndsWith, "b>")]
    [InlineData(FieldOperator.Matches, "^<.>$")]
    public void EscapesAreReadAsGoWritesThem(FieldOperator fieldOperator, string value) =>
        Assert.True(Selecting.Holds(Line, "requestObject.spec.containers[0].args[1]", fieldOperator, value));

    [Fact]
    public void NamesAreComparedByWhatTheyMean()
    {
        var line = AuditLine.Of(("annotations", """{"a\u003cb":"x","c\nd":"y"}"""));

        Assert.True(Selecting.Holds(line, "annotations[\"a<b\"]", FieldOperator.Equals, "x"));
        Assert.False(Selecting.Holds(line, "annotations[\"c\\nd\"]", FieldOperator.Exists));
    }

    [Theory]
    [InlineData("Metadata", "requestObject.kind")]
    [InlineData("Metadata", "responseObject.kind")]
    [InlineData("Metadata", "[\"requestObject\"].kind")]
    [InlineData("Metadata", "$.requestObject")]
    [InlineData("Request", "responseObject.kind")]
    public void NothingHoldsOfABodyThatTheLevelLeavesOut(string level, string path)
    {
        var line = AuditLine.Of(("level", $"\"{level}\""));

        Assert.False(Selecting.Holds(line, path, FieldOperator.Equals, "Pod"));
        Assert.False(Selecting.Holds(line, path, FieldOperator.NotEquals, "Pod"));
        Assert.False(Selecting.Holds(line, path, FieldOperator.NotStartsWith, "P"));
        Assert.False(Selecting.Holds(line, path, FieldOperator.NotEndsWith, "d"));
        Assert.False(Selecting.Holds(line, path, FieldOperator.Exists));
        Assert.False(Selecting.Holds(line, path, FieldOperator.Exists, "false"));
    }

    [Theory]
    [InlineData("Request", "requestObject.kind")]
    [InlineData("RequestResponse", "responseObject.kind")]
    [InlineData("Metadata", "user.extra")]
    public void WhatTheLevelHasAndTheEventLacksIsAbsent(string level, string path)
    {
        var line = AuditLine.Of(("level", $"\"{level}\""));

        Assert.True(Selecting.Holds(line, path, FieldOperator.NotEquals, "Pod"));
        Assert.True(Selecting.Holds(line, path, FieldOperator.Exists, "false"));
    }

    [Theory]
    [InlineData("sourceIPs[0]", true, "203.0.113.0/24")]
    [InlineData("sourceIPs[0]", false, "10.0.0.0/8")]
    [InlineData("sourceIPs[*]", true, "10.0.0.0/8")]
    [InlineData("sourceIPs[1]", true, "10.1.2.3/32")]
    [InlineData("sourceIPs[1]", false, "10.1.2.4/32")]
    [InlineData("sourceIPs[2]", true, "10.0.0.0/8", "fd00::/8")]
    [InlineData("sourceIPs[2]", false, "0.0.0.0/0")]
    [InlineData("sourceIPs[0]", false, "::/0")]
    [InlineData("sourceIPs[0]", true, "0.0.0.0/0")]
    [InlineData("verb", false, "0.0.0.0/0", "::/0")]
    [InlineData("missing", false, "0.0.0.0/0", "::/0")]
    public void AddressesAreInNetworksAndMappedOnesAreIPv4(string path, bool expected, params string[] networks) =>
        Assert.Equal(expected, Selecting.Holds(Line, path, FieldOperator.InCIDR, networks));

    [Fact]
    public void AllConditionsMustHold()
    {
        var verb = new FieldCondition { Path = "verb", Operator = FieldOperator.Equals, Values = ["get"] };
        var code = new FieldCondition { Path = "responseStatus.code", Operator = FieldOperator.Equals, Values = ["403"] };
        var rule = new SelectorRule { Level = SelectorLevel.Metadata, Fields = [verb, code] };

        Assert.False(Selecting.Matches(Line, rule));
        Assert.True(Selecting.Matches(AuditLine.Of(("responseStatus", "{\"code\":403}")), rule));
    }

    [Theory]
    [InlineData("system:serviceaccount:shop:web", "shop", true)]
    [InlineData("system:serviceaccount:shop:web", "other", false)]
    [InlineData("system:serviceaccount:shop", "shop", false)]
    [InlineData("system:serviceaccounts:shop:web", "shop", false)]
    [InlineData("shop", "shop", false)]
    public void AServiceAccountInItsOwnNamespaceIsToldByTwoFields(string user, string ns, bool expected)
    {
        var line = AuditLine.Of(("user", $$"""{"username":"{{user}}"}"""), AuditLine.ObjectRef("pods", ns: ns));

        Assert.Equal(expected, Selecting.Holds(line, "serviceAccount.namespace", FieldOperator.EqualsField, "objectRef.namespace"));
        Assert.Equal(!expected, Selecting.Holds(line, "serviceAccount.namespace", FieldOperator.NotEqualsField, "objectRef.namespace"));
        Assert.Equal(user.EndsWith(":web", StringComparison.Ordinal) && user.StartsWith("system:serviceaccount:", StringComparison.Ordinal), Selecting.Holds(line, "serviceAccount.name", FieldOperator.Equals, "web"));
    }

    [Theory]
    [InlineData("requestObject.spec.containers[*].name", "requestObject.spec.containers[1].name", true)]
    [InlineData("requestObject.spec.replicas", "responseStatus.code", false)]
    [InlineData("verb", "requestObject.spec.none", false)]
    [InlineData("verb", "requestURI", false)]
    [InlineData("objectRef.name", "objectRef.name", true)]
    public void FieldsAreComparedWhereverTheyStand(string path, string other, bool expected) =>
        Assert.Equal(expected, Selecting.Holds(Line, path, FieldOperator.EqualsField, "annotations.none", other));

    [Theory]
    [InlineData("sourceIPs", "203.0.113.9", true)]
    [InlineData("sourceIPAddress", "203.0.113.9", false)]
    [InlineData("sourceIPAddress", "fd00::7", true)]
    public void TheAddressThatTheAPIServerSawIsTheLast(string path, string address, bool expected) =>
        Assert.Equal(expected, Selecting.Holds(Line, path, FieldOperator.Equals, address));

    [Theory]
    [InlineData("requestObject.spec.none", true)]
    [InlineData("requestObject.spec.nested", true)]
    [InlineData("requestObject.spec.text", false)]
    [InlineData("requestObject.spec.missing", false)]
    [InlineData("requestObject.spec.empty", false)]
    public void NullIsWhatSaysSo(string path, bool expected) => Assert.Equal(expected, Selecting.Holds(Line, path, FieldOperator.IsNull));

    [Theory]
    [InlineData("""{"spec":SPEC}""")]
    [InlineData("""{"spec":{"template":{"spec":SPEC}}}""")]
    [InlineData("""{"spec":{"jobTemplate":{"spec":{"template":{"spec":SPEC}}}}}""")]
    [InlineData("""{"template":{"spec":SPEC}}""")]
    public void ContainersAreFoundInEveryKindOfWorkload(string workload)
    {
        var line = AuditLine.Of(("requestObject", workload.Replace("SPEC", """{"hostPID":true,"containers":[{"name":"a"}],"initContainers":[{"name":"b"}],"ephemeralContainers":[{"name":"c"}],"others":[{"name":"d"}]}""", StringComparison.Ordinal)));

        Assert.True(Selecting.Holds(line, "podSpec.hostPID", FieldOperator.Equals, "true"));
        Assert.All(["a", "b", "c"], name => Assert.True(Selecting.Holds(line, "container.name", FieldOperator.Equals, name)));
        Assert.False(Selecting.Holds(line, "container.name", FieldOperator.Equals, "d"));
    }
}
