using System.Text;
using System.Text.Json;
using ClusterTrail.Rules.Events;
using ClusterTrail.Testing;

namespace ClusterTrail.Rules.Tests.Events;

public sealed class AuditEventTests
{
    readonly JsonIndex index = new();

    [Fact]
    public void EveryLineOfARealLogIsReadAsADocumentReadsIt()
    {
        foreach (var line in RealLog.Lines)
        {
            using var document = JsonDocument.Parse(line);

            Assert.True(AuditEvent.TryParse(line, index, out var audit, out _));

            AssertSame(document.RootElement, audit);
        }
    }

    [Fact]
    public void WhatIsAbsentIsEmpty()
    {
        var line = """{"stage":"ResponseComplete","level":"Metadata"}"""u8;

        Assert.True(AuditEvent.TryParse(line, index, out var audit, out _));

        using var document = JsonDocument.Parse(line.ToArray());
        AssertSame(document.RootElement, audit);
        Assert.False(audit.HasObject);
        Assert.Equal(0, audit.Groups + audit.SourceIPs + audit.RequestObject + audit.ResponseObject);
    }

    [Theory]
    [InlineData("user", "null")]
    [InlineData("user", "\"ann\"")]
    [InlineData("user", "[{\"username\":\"ann\"}]")]
    [InlineData("user", "{}")]
    [InlineData("user", "{\"username\":null,\"groups\":null}")]
    [InlineData("user", "{\"username\":{},\"groups\":\"a\"}")]
    [InlineData("objectRef", "null")]
    [InlineData("objectRef", "{}")]
    [InlineData("objectRef", "[]")]
    [InlineData("responseStatus", "null")]
    [InlineData("responseStatus", "{\"code\":null}")]
    [InlineData("sourceIPs", "null")]
    [InlineData("sourceIPs", "\"10.0.0.1\"")]
    [InlineData("verb", "null")]
    [InlineData("requestURI", "[1,[2]]")]
    public void AFieldOfAnotherTypeIsAbsent(string name, string json)
    {
        var line = AuditLine.Of((name, json));

        Assert.True(AuditEvent.TryParse(line, index, out var audit, out _));

        using var document = JsonDocument.Parse(line);
        AssertSame(document.RootElement, audit);
    }

    [Fact]
    public void MembersInsideBodiesAreNotTheEvents()
    {
        var line = AuditLine.Of(("requestObject", """{"level":"None","verb":"delete","user":{"username":"eve"}}"""), ("annotations", """{"stage":"Panic"}"""));

        Assert.True(AuditEvent.TryParse(line, index, out var audit, out _));

        Assert.Equal(("get", "ann", "ResponseComplete"), (Text(audit.Verb), Text(audit.UserName), Text(audit.Stage)));
        Assert.Equal(AuditLevel.RequestResponse, audit.Level);
    }

    [Theory]
    [InlineData("", "NotJson")]
    [InlineData("{\"level\":\"Metadata\",", "NotJson")]
    [InlineData("I0101 started", "NotJson")]
    [InlineData("[]", "NotAnAuditEvent")]
    [InlineData("\"level\"", "NotAnAuditEvent")]
    [InlineData("17", "NotAnAuditEvent")]
    [InlineData("{}", "NotAnAuditEvent")]
    [InlineData("{\"level\":\"Metadata\"}", "NotAnAuditEvent")]
    [InlineData("{\"stage\":\"Panic\"}", "NotAnAuditEvent")]
    [InlineData("{\"level\":\"None\",\"stage\":\"Panic\"}", "NotAnAuditEvent")]
    [InlineData("{\"level\":\"metadata\",\"stage\":\"Panic\"}", "NotAnAuditEvent")]
    [InlineData("{\"level\":\"Metadata\",\"stage\":\"\"}", "NotAnAuditEvent")]
    [InlineData("{\"level\":[\"Metadata\"],\"stage\":\"Panic\"}", "NotAnAuditEvent")]
    public void WhatIsNoAuditEventIsToldWithItsReason(string text, string expected)
    {
        var parsed = AuditEvent.TryParse(Encoding.UTF8.GetBytes(text), index, out _, out var reason);

        Assert.False(parsed);
        Assert.Equal(expected, reason);
    }

    static void AssertSame(JsonElement expected, in AuditEvent audit)
    {
        Assert.Equal(expected.GetProperty("level").GetString(), $"{audit.Level}");
        Assert.Equal(Raw(expected, "stage"), Text(audit.Stage));
        Assert.Equal(Raw(expected, "requestURI"), Text(audit.RequestUri));
        Assert.Equal(Raw(expected, "verb"), Text(audit.Verb));
        Assert.Equal(Raw(expected, "stageTimestamp"), Text(audit.StageTimestamp));
        Assert.Equal(Raw(expected, "user", "username"), Text(audit.UserName));
        Assert.Equal(Raw(expected, "impersonatedUser", "username"), Text(audit.ImpersonatedUserName));
        Assert.Equal(Find(expected, "objectRef").ValueKind == JsonValueKind.Object, audit.HasObject);
        Assert.Equal(Raw(expected, "objectRef", "apiGroup"), Text(audit.ApiGroup));
        Assert.Equal(Raw(expected, "objectRef", "resource"), Text(audit.Resource));
        Assert.Equal(Raw(expected, "objectRef", "subresource"), Text(audit.Subresource));
        Assert.Equal(Raw(expected, "objectRef", "namespace"), Text(audit.Namespace));
        Assert.Equal(Raw(expected, "objectRef", "name"), Text(audit.Name));
        Assert.Equal(Raw(expected, "responseStatus", "code"), Text(audit.StatusCode));
        Assert.Equal(Raw(expected, "responseStatus", "reason"), Text(audit.StatusReason));
        Assert.Equal(Items(Find(expected, "user", "groups")), Items(audit, audit.Groups));
        Assert.Equal(Items(Find(expected, "sourceIPs")), Items(audit, audit.SourceIPs));
        Assert.Equal(Find(expected, "requestObject").ValueKind != JsonValueKind.Undefined, audit.RequestObject != 0);
        Assert.Equal(Find(expected, "responseObject").ValueKind != JsonValueKind.Undefined, audit.ResponseObject != 0);
    }

    static JsonElement Find(JsonElement parent, params string[] path)
    {
        foreach (var name in path)
            parent = parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var child) ? child : default;

        return parent;
    }

    static string Raw(JsonElement parent, params string[] path) => Raw(Find(parent, path));

    static string Raw(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetRawText()[1..^1],
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => element.GetRawText(),
        _ => "",
    };

    static string[] Items(JsonElement list) => list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(Raw)] : [];

    static string[] Items(in AuditEvent audit, int token)
    {
        var items = new List<string>();
        foreach (var item in new JsonItems(audit.Line, audit.Index, token))
            items.Add(Text(JsonText.At(audit.Line, audit.Index, item)));

        return [.. items];
    }

    static string Text(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text);
}
