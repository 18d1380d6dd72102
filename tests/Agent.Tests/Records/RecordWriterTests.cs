using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Agent.Records;
using ClusterTrail.Rules.Events;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Records;

public sealed class RecordWriterTests
{
    [Fact]
    public void ARecordIsAnEnvelopeAroundTheEvent()
    {
        var line = AuditLine.Of();

        var record = Recording.RecordOf(line);

        Assert.Equal(
            """
            {"eventVersion":"1.0","eventID":"0f5b0d706cf7eb2c90e84b34-0000000000001267","eventTime":"2026-11-22T05:35:25.608888Z","eventCategory":"Management",
            "eventSource":"core","eventName":"get pods","readOnly":true,"userIdentity":{"type":"User","userName":"ann"},"sourceIPAddress":"10.0.0.7",
            "clusterName":"prod","nodeName":"cp-1","trail":"main","event":
            """.ReplaceLineEndings("") + Encoding.UTF8.GetString(line) + "}\n",
            record);
    }

    [Theory]
    [InlineData("get")]
    [InlineData("create")]
    public void AnExecWritesWhateverItsVerb(string verb)
    {
        var line = AuditLine.Of(("verb", $"\"{verb}\""), ("stage", "\"ResponseStarted\""), AuditLine.ObjectRef("pods", "exec"), ("responseStatus", "{\"code\":101}"));

        AssertRecord(line, $$"""{"eventCategory":"Data","eventSource":"core","eventName":"{{verb}} pods/exec","readOnly":false,"errorCode":null}""");
    }

    [Theory]
    [InlineData("pods", "exec", "get", "Data", false)]
    [InlineData("pods", "attach", "get", "Data", false)]
    [InlineData("pods", "portforward", "get", "Data", false)]
    [InlineData("pods", "portforward", "create", "Data", false)]
    [InlineData("pods", "proxy", "get", "Data", false)]
    [InlineData("nodes", "proxy", "get", "Data", false)]
    [InlineData("services", "proxy", "get", "Data", false)]
    [InlineData("pods", "log", "get", "Data", true)]
    [InlineData("pods", "status", "get", "Data", true)]
    [InlineData("pods", "status", "patch", "Data", false)]
    [InlineData("pods", null, "watch", "Management", true)]
    [InlineData("pods", null, "list", "Management", true)]
    [InlineData("pods", null, "deletecollection", "Management", false)]
    [InlineData("pods", "eviction", "create", "Management", false)]
    [InlineData("secrets", null, "get", "Management", true)]
    [InlineData("serviceaccounts", "token", "create", "Management", false)]
    public void ReadingIsToldFromWritingByItsEffect(string resource, string? subresource, string verb, string category, bool readOnly)
    {
        var line = AuditLine.Of(("verb", $"\"{verb}\""), AuditLine.ObjectRef(resource, subresource));

        AssertRecord(line, $$"""{"eventCategory":"{{category}}","readOnly":{{(readOnly ? "true" : "false")}}}""");
    }

    [Theory]
    [InlineData("authorization.k8s.io", "subjectaccessreviews", true)]
    [InlineData("authorization.k8s.io", "localsubjectaccessreviews", true)]
    [InlineData("authorization.k8s.io", "selfsubjectaccessreviews", true)]
    [InlineData("authorization.k8s.io", "selfsubjectrulesreviews", true)]
    [InlineData("authentication.k8s.io", "tokenreviews", true)]
    [InlineData("authentication.k8s.io", "selfsubjectreviews", true)]
    [InlineData("example.org", "tokenreviews", false)]
    [InlineData("authentication.k8s.io", "subjectaccessreviews", false)]
    public void CreatingAReviewReads(string group, string resource, bool readOnly)
    {
        var line = AuditLine.Of(("verb", "\"create\""), AuditLine.ObjectRef(resource, group: group));

        AssertRecord(line, $$"""{"eventSource":"{{group}}","eventName":"create {{resource}}","readOnly":{{(readOnly ? "true" : "false")}},"eventCategory":"Management"}""");
    }

    [Theory]
    [InlineData("coordination.k8s.io", "leases", "Data")]
    [InlineData("example.org", "leases", "Management")]
    [InlineData("", "events", "Data")]
    [InlineData("events.k8s.io", "events", "Data")]
    [InlineData("example.org", "events", "Management")]
    public void WhatMachinesWriteAllTheTimeIsData(string group, string resource, string category)
    {
        var line = AuditLine.Of(("verb", "\"update\""), AuditLine.ObjectRef(resource, group: group));

        AssertRecord(line, $$"""{"eventCategory":"{{category}}","readOnly":false}""");
    }

    [Theory]
    [InlineData("ann", "User")]
    [InlineData("system:anonymous", "Anonymous")]
    [InlineData("system:serviceaccount:shop:web", "ServiceAccount")]
    [InlineData("system:node:worker-1", "Node")]
    [InlineData("system:kube-scheduler", "System")]
    [InlineData("systematic", "User")]
    public void AnIdentityHasAType(string userName, string type)
    {
        var line = AuditLine.Of(("user", $$"""{"username":"{{userName}}"}"""));

        AssertRecord(line, $$$"""{"userIdentity":{"type":"{{{type}}}","userName":"{{{userName}}}"}}""");
    }

    [Fact]
    public void ARequestThatFailedAuthenticationHasNoName()
    {
        var line = AuditLine.Of(("user", "{}"), ("responseStatus", """{"code":401,"reason":"Unauthorized"}"""));

        AssertRecord(line, """{"userIdentity":{"type":"Unauthenticated","userName":""},"errorCode":"Unauthorized"}""");
    }

    [Fact]
    public void ImpersonationIsToldBesideWhoDidIt()
    {
        var line = AuditLine.Of(("impersonatedUser", """{"username":"system:admin"}"""));

        AssertRecord(line, """{"userIdentity":{"type":"User","userName":"ann","actingAs":"system:admin"}}""");
    }

    [Theory]
    [InlineData("/healthz?verbose=1\\u0026x=2", "/healthz")]
    [InlineData("/metrics", "/metrics")]
    [InlineData("/a%20b?", "/a%20b")]
    public void ARequestForNoResourceIsNamedByItsPath(string uri, string path)
    {
        var line = AuditLine.Of(("objectRef", null), ("requestURI", $"\"{uri}\""));

        AssertRecord(line, $$"""{"eventName":"get {{path}}","eventSource":"core","readOnly":true}""");
    }

    [Theory]
    [InlineData("""{"code":403,"reason":"Forbidden"}""", "\"Forbidden\"")]
    [InlineData("""{"code":500}""", "\"500\"")]
    [InlineData("""{"code":399}""", "null")]
    [InlineData("""{"code":200,"reason":"Odd"}""", "null")]
    [InlineData("""{"status":"Failure"}""", "null")]
    [InlineData("null", "null")]
    public void AnErrorIsToldByItsReasonOrElseItsCode(string status, string code) =>
        AssertRecord(AuditLine.Of(("responseStatus", status)), $$"""{"errorCode":{{code}}}""");

    [Fact]
    public void APanicIsAnError()
    {
        var line = AuditLine.Of(("stage", "\"Panic\""), ("responseStatus", """{"status":"Failure","message":"x","reason":"InternalError","code":500}"""));

        AssertRecord(line, """{"errorCode":"InternalError","eventName":"get pods"}""");
    }

    [Theory]
    [InlineData("[\"1.1.1.1\",\"2.2.2.2\",\"10.0.0.7\"]", "\"10.0.0.7\"", "[\"1.1.1.1\",\"2.2.2.2\"]")]
    [InlineData("[ \"1.1.1.1\" , \"10.0.0.7\" ]", "\"10.0.0.7\"", "[\"1.1.1.1\"]")]
    [InlineData("[\"10.0.0.7\"]", "\"10.0.0.7\"", "null")]
    [InlineData("[]", "null", "null")]
    [InlineData("null", "null", "null")]
    public void OnlyTheLastAddressIsTheCallers(string addresses, string address, string forwardedFor) =>
        AssertRecord(AuditLine.Of(("sourceIPs", addresses)), $$"""{"sourceIPAddress":{{address}},"forwardedFor":{{forwardedFor}}}""");

    [Fact]
    public void WithoutAddressesThereIsNone() => AssertRecord(AuditLine.Of(("sourceIPs", null)), """{"sourceIPAddress":null,"forwardedFor":null}""");

    [Fact]
    public void StringsKeepTheirEscapes()
    {
        var line = AuditLine.Of(("user", """{"username":"a\"\\\u003c\n"}"""), AuditLine.ObjectRef("p\\\"ods"), ("verb", "\"\\u0067et\""));

        AssertRecord(line, """{"userIdentity":{"type":"User","userName":"a\"\\<\n"},"eventName":"get p\"ods"}""");
    }

    [Fact]
    public void NamesOfTheOriginAreEscaped()
    {
        using var record = new RecordBuffer();
        AuditEvent.TryParse(AuditLine.Of(), new JsonIndex(), out var audit, out _);

        new RecordWriter(new("a\"b", "c\\d", "e")).Write(audit, AuditLevel.Metadata, Some.Position, record);

        var json = JsonNode.Parse(record.Written)!;
        Assert.Equal(("a\"b", "c\\d"), ((string?)json["clusterName"], (string?)json["nodeName"]));
    }

    static void AssertRecord(byte[] line, string expected)
    {
        var record = JsonNode.Parse(Recording.RecordOf(line))!;

        foreach (var (name, value) in JsonNode.Parse(expected)!.AsObject())
            Assert.True(JsonNode.DeepEquals(value, record[name]), $"{name} is {record[name]?.ToJsonString()}, not {value?.ToJsonString()}");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(line), record["event"]));
    }
}
