using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Agent.Sources.Feeds;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Tests.Sources.Feeds;

public sealed class GkeLogEntryTests
{
    /// <summary>A pod that was denied, as GKE writes it, in short.</summary>
    public const string Entry = """
        {"protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog",
        "authenticationInfo":{"principalEmail":"jane@example.com"},
        "authorizationInfo":[{"permission":"io.k8s.core.v1.pods.create","resource":"core/v1/namespaces/default/pods/web"}],
        "methodName":"io.k8s.core.v1.pods.create",
        "request":{"@type":"core.k8s.io/v1.Pod","apiVersion":"v1","kind":"Pod","metadata":{"name":"web","namespace":"default"}},
        "requestMetadata":{"callerIp":"203.0.113.9","callerSuppliedUserAgent":"kubectl/v1.31.0"},
        "resourceName":"core/v1/namespaces/default/pods/web",
        "response":{"@type":"core.k8s.io/v1.Status","apiVersion":"v1","code":403,"kind":"Status","message":"denied by policy",
        "reason":"Forbidden","status":"Failure"},
        "serviceName":"k8s.io","status":{"code":7,"message":"Forbidden"}},
        "insertId":"dac513c6-3104-4bb2-a526-b3926d2a1401",
        "resource":{"type":"k8s_cluster","labels":{"project_id":"p","cluster_name":"c","location":"us-central1-a"}},
        "timestamp":"2026-02-15T11:43:23.897797Z",
        "labels":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"RBAC: \"x\"","clustertrail.io/derived":"forged"},
        "logName":"projects/p/logs/cloudaudit.googleapis.com%2Factivity",
        "operation":{"id":"dac513c6-3104-4bb2-a526-b3926d2a1401","producer":"k8s.io","first":true,"last":true},
        "receiveTimestamp":"2026-02-15T11:43:54.317031365Z"}
        """;

    static JsonElement Only(string text)
    {
        var (lines, counts) = FeedTextsOf.Unwrap(GkeLogEntry.Unwrap, text);
        Assert.Equal(new FeedCounts(1, 0, 0, 0), counts);
        Assert.True(AuditEvent.TryParse(Encoding.UTF8.GetBytes(Assert.Single(lines)), new(), out _, out var reason), reason);
        return JsonDocument.Parse(lines[0]).RootElement;
    }

    static string With(Action<JsonNode> change)
    {
        var entry = JsonNode.Parse(Entry)!;
        change(entry);
        return entry.ToJsonString();
    }

    [Fact]
    public void AnEntryBecomesTheEventThatItWasMadeFrom()
    {
        var json = Only(Entry);

        Assert.Equal("dac513c6-3104-4bb2-a526-b3926d2a1401", json.GetProperty("auditID").GetString());
        Assert.Equal("create", json.GetProperty("verb").GetString());
        Assert.Equal("jane@example.com", json.GetProperty("user").GetProperty("username").GetString());
        Assert.Equal("203.0.113.9", json.GetProperty("sourceIPs")[0].GetString());
        Assert.Equal("kubectl/v1.31.0", json.GetProperty("userAgent").GetString());
        Assert.Equal(
            """{"resource":"pods","namespace":"default","name":"web","apiVersion":"v1"}""", json.GetProperty("objectRef").GetRawText());
        Assert.Equal("/api/v1/namespaces/default/pods/web", json.GetProperty("requestURI").GetString());
        Assert.Equal(403, json.GetProperty("responseStatus").GetProperty("code").GetInt32());
        Assert.Equal("Forbidden", json.GetProperty("responseStatus").GetProperty("reason").GetString());
        Assert.Equal("web", json.GetProperty("requestObject").GetProperty("metadata").GetProperty("name").GetString());
        Assert.False(json.GetProperty("requestObject").TryGetProperty("@type", out _));
        Assert.Equal("2026-02-15T11:43:23.897797Z", json.GetProperty("stageTimestamp").GetString());
    }

    [Fact]
    public void WhatIsDerivedAndLostIsNamed()
    {
        var annotations = Only(Entry).GetProperty("annotations");

        Assert.Equal("allow", annotations.GetProperty("authorization.k8s.io/decision").GetString());
        Assert.Equal("gke-cloud-logging", annotations.GetProperty("clustertrail.io/source-format").GetString());
        Assert.Equal(
            "level,stage,requestURI,requestReceivedTimestamp,responseStatus",
            annotations.GetProperty("clustertrail.io/derived").GetString());
        Assert.Contains("user.groups", annotations.GetProperty("clustertrail.io/lost").GetString());
        Assert.Equal("p/us-central1-a/c", annotations.GetProperty("clustertrail.io/gke-cluster").GetString());
    }

    [Fact]
    public void TheLevelIsWhatIsThere()
    {
        Assert.Equal("RequestResponse", Only(Entry).GetProperty("level").GetString());
        Assert.Equal("Request", Only(With(entry => Remove(entry, "response"))).GetProperty("level").GetString());
        Assert.Equal("Metadata", Only(With(entry => Remove(entry, "response", "request"))).GetProperty("level").GetString());
    }

    [Theory]
    [InlineData(true, true, "ResponseComplete")]
    [InlineData(true, false, "ResponseStarted")]
    [InlineData(false, true, "ResponseComplete")]
    public void ALongRequestHasTwoEntries(bool first, bool last, string stage)
    {
        var text = With(entry => (entry["operation"]!["first"], entry["operation"]!["last"]) = (first, last));

        Assert.Equal(stage, Only(text).GetProperty("stage").GetString());
    }

    [Theory]
    [InlineData(null, 200)]
    [InlineData(0, 200)]
    [InlineData(5, 404)]
    [InlineData(7, 403)]
    [InlineData(10, 409)]
    [InlineData(16, 401)]
    [InlineData(99, 500)]
    public void AStatusOfRpcIsOneOfHttp(int? rpc, int http)
    {
        var text = With(entry =>
        {
            Remove(entry, "response");
            entry["protoPayload"]!["status"] = rpc is null ? new JsonObject() : new JsonObject { ["code"] = rpc };
        });

        Assert.Equal(http, Only(text).GetProperty("responseStatus").GetProperty("code").GetInt32());
    }

    [Theory]
    [InlineData("core/v1/nodes", "/api/v1/nodes", """{"resource":"nodes","apiVersion":"v1"}""")]
    [InlineData(
        "core/v1/namespaces/a/pods/p/exec", "/api/v1/namespaces/a/pods/p/exec",
        """{"resource":"pods","namespace":"a","name":"p","apiVersion":"v1","subresource":"exec"}""")]
    [InlineData(
        "core/v1/nodes/n/proxy/run/a/p/c", "/api/v1/nodes/n/proxy/run/a/p/c",
        """{"resource":"nodes","name":"n","apiVersion":"v1","subresource":"proxy"}""")]
    [InlineData(
        "rbac.authorization.k8s.io/v1/clusterroles/admin", "/apis/rbac.authorization.k8s.io/v1/clusterroles/admin",
        """{"resource":"clusterroles","name":"admin","apiGroup":"rbac.authorization.k8s.io","apiVersion":"v1"}""")]
    [InlineData(
        "core/v1/namespaces/a", "/api/v1/namespaces/a", """{"resource":"namespaces","namespace":"a","name":"a","apiVersion":"v1"}""")]
    [InlineData(
        "core/v1/namespaces/a/finalize", "/api/v1/namespaces/a/finalize",
        """{"resource":"namespaces","namespace":"a","name":"a","apiVersion":"v1","subresource":"finalize"}""")]
    [InlineData("core/v1/namespaces", "/api/v1/namespaces", """{"resource":"namespaces","apiVersion":"v1"}""")]
    [InlineData("healthz", "/healthz", null)]
    public void AResourceIsNamedAsKubeApiserverDoes(string name, string uri, string? objectRef)
    {
        var json = Only(With(entry => entry["protoPayload"]!["resourceName"] = name));

        Assert.Equal(uri, json.GetProperty("requestURI").GetString());
        Assert.Equal(objectRef, json.TryGetProperty("objectRef", out var found) ? found.GetRawText() : null);
    }

    [Fact]
    public void WhoActsForWhomIsKept()
    {
        var text = With(entry => entry["protoPayload"]!["authenticationInfo"]!["principalSubject"] = "user:jane@example.com");

        Assert.Contains(
            "user:jane@example.com", Only(text).GetProperty("annotations").GetProperty("clustertrail.io/authentication-info").GetString());
    }

    [Theory]
    [InlineData("""{"textPayload":"hello"}""")]
    [InlineData(
        """{"protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","serviceName":"container.googleapis.com"}}""")]
    [InlineData("{}")]
    public void EntriesOfSomethingElseAreCountedAndNotRecorded(string text)
    {
        var (lines, counts) = FeedTextsOf.Unwrap(GkeLogEntry.Unwrap, text);

        Assert.Empty(lines);
        Assert.Equal(new FeedCounts(0, 0, 1, 0), counts);
    }

    [Fact]
    public void WhatCannotBeReadIsRecordedAsItIs()
    {
        var text = Entry.Replace("jane@example.com", "\\ud800", StringComparison.Ordinal);

        var (lines, counts) = FeedTextsOf.Unwrap(GkeLogEntry.Unwrap, text);

        Assert.Equal(text.ReplaceLineEndings(" "), Assert.Single(lines));
        Assert.Equal(1, counts.Unreadable);
    }

    static void Remove(JsonNode entry, params string[] members)
    {
        foreach (var member in members)
            entry["protoPayload"]!.AsObject().Remove(member);
    }
}
