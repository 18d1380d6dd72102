using System.Text;
using System.Text.Json.Nodes;

namespace ClusterTrail.Agent.Tests.Sources.Admission;

public sealed class AdmissionEventTests
{
    const string ExecOptions =
        """{"kind":"PodExecOptions","apiVersion":"v1","stdin":true,"stdout":true,"tty":true,"container":"web","command":["sh","-c","a b&c=d|é"]}""";

    [Fact]
    public void ACreationIsAnEventAsAnAuditLogHasIt()
    {
        var line = Encoding.UTF8.GetString(Reviews.Line(Reviews.Review(Reviews.Request())));

        Assert.Equal(
            """
            {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Request","auditID":"705ab4f5-6393-11e8-b7cc-42010a800002","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/shop/pods?fieldManager=kubectl-create&fieldValidation=Strict","verb":"create","user":{"username":"ann","uid":"014fbff9a07c","groups":["system:authenticated","team"],"extra":{"scopes":["a","b"]}},"objectRef":{"resource":"pods","namespace":"shop","name":"web","uid":"11-22","apiVersion":"v1","resourceVersion":"7"},"responseStatus":{"metadata":{},"code":201},"requestObject":{"kind":"Pod","apiVersion":"v1","metadata":{"name":"web","namespace":"shop","uid":"11-22","resourceVersion":"7"},"spec":{"containers":[{"name":"c","image":"i"}]}},"requestReceivedTimestamp":"2026-11-27T10:11:12.123456Z","stageTimestamp":"2026-11-27T10:11:12.123456Z","annotations":{"clustertrail.io/source":"admission","clustertrail.io/derived":"level,stage,requestURI,verb,responseStatus,requestReceivedTimestamp","clustertrail.io/lost":"impersonatedUser,sourceIPs,userAgent,responseObject,annotations"}}
            """ + "\n", line);
    }

    public static TheoryData<string, string, string, string> Requests => new()
    {
        { For("apps", "v1", "deployments", null, "UPDATE"), "update", "/apis/apps/v1/namespaces/shop/deployments/web", "200" },
        { For("apps", "v1", "deployments", "scale", "UPDATE"), "update", "/apis/apps/v1/namespaces/shop/deployments/web/scale", "200" },
        { For("", "v1", "pods", "status", "UPDATE"), "update", "/api/v1/namespaces/shop/pods/web/status", "200" },
        { For("", "v1", "pods", "eviction", "CREATE"), "create", "/api/v1/namespaces/shop/pods/web/eviction", "201" },
        { For("", "v1", "pods", "binding", "CREATE"), "create", "/api/v1/namespaces/shop/pods/web/binding", "201" },
        { For("", "v1", "serviceaccounts", "token", "CREATE"), "create", "/api/v1/namespaces/shop/serviceaccounts/web/token", "201" },
        { For("example.com", "v1alpha1", "widgets", null, "CREATE"), "create", "/apis/example.com/v1alpha1/namespaces/shop/widgets", "201" },
        { For("", "v1", "pods", null, "DELETE"), "delete", "/api/v1/namespaces/shop/pods/web", "200" },
        { For("", "v1", "nodes", null, "UPDATE", ("namespace", null)), "update", "/api/v1/nodes/web", "200" },
        { For("", "v1", "namespaces", null, "UPDATE"), "update", "/api/v1/namespaces/web", "200" },
        { For("", "v1", "namespaces", "finalize", "UPDATE"), "update", "/api/v1/namespaces/web/finalize", "200" },
        { For("apps", "v1", "deployments", null, "UPDATE", ("options", """{"kind":"PatchOptions","force":true}""")), "patch",
            "/apis/apps/v1/namespaces/shop/deployments/web?force=true", "200" },
        { For("apps", "v1", "deployments", null, "UPDATE", ("options", """{"kind":"UpdateOptions","dryRun":["All"]}"""), ("dryRun", "true")),
            "update", "/apis/apps/v1/namespaces/shop/deployments/web?dryRun=All", "200" },
        { For("", "v1", "pods", null, "DELETE", ("options", """{"kind":"DeleteOptions","dryRun":["All"]}"""), ("dryRun", "true")),
            "delete", "/api/v1/namespaces/shop/pods/web?dryRun=All", "200" },
        { For("", "v1", "pods", "exec", "CONNECT", ("object", ExecOptions)), "create",
            "/api/v1/namespaces/shop/pods/web/exec?stdin=true&stdout=true&tty=true&container=web&command=sh&command=-c&command=a%20b%26c%3Dd%7C%C3%A9",
            "101" },
        { For("", "v1", "pods", "attach", "CONNECT", ("object", """{"kind":"PodAttachOptions","apiVersion":"v1","stdin":true,"container":"web"}""")),
            "create", "/api/v1/namespaces/shop/pods/web/attach?stdin=true&container=web", "101" },
        { For("", "v1", "pods", "portforward", "CONNECT", ("object", """{"kind":"PodPortForwardOptions","apiVersion":"v1","ports":[80,443]}""")),
            "create", "/api/v1/namespaces/shop/pods/web/portforward?ports=80&ports=443", "101" },
        { For("", "v1", "services", "proxy", "CONNECT", ("name", "\"http:web:80\""),
            ("object", """{"kind":"ServiceProxyOptions","apiVersion":"v1","path":"/a b/c?d"}""")),
            "get", "/api/v1/namespaces/shop/services/http:web:80/proxy/a%20b/c%3Fd", "200" },
        { For("", "v1", "nodes", "proxy", "CONNECT", ("namespace", null),
            ("object", """{"path":"metrics","kind":"NodeProxyOptions","apiVersion":"v1"}""")), "get", "/api/v1/nodes/web/proxy/metrics", "200" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public void AnOperationIsTheVerbAndTheUriOfItsRequest(string request, string verb, string uri, string code)
    {
        var read = Reviews.Event(JsonNode.Parse(request)!.AsObject());

        Assert.Equal(
            (verb, uri, code),
            (read.GetProperty("verb").GetString(), read.GetProperty("requestURI").GetString(),
                read.GetProperty("responseStatus").GetProperty("code").GetRawText()));
    }

    [Fact]
    public void WhatWasAskedForCountsAndNotWhatTheApiServerMadeOfIt()
    {
        var read = Reviews.Event(Reviews.Request(
            ("requestResource", """{"group":"extensions","version":"v1beta1","resource":"ingresses"}"""), ("requestSubResource", "\"status\""),
            ("operation", "\"UPDATE\"")));

        Assert.Equal("/apis/extensions/v1beta1/namespaces/shop/ingresses/web/status", read.GetProperty("requestURI").GetString()!.Split('?')[0]);
        Assert.Equal("status", read.GetProperty("objectRef").GetProperty("subresource").GetString());
        Assert.Equal("extensions", read.GetProperty("objectRef").GetProperty("apiGroup").GetString());
    }

    [Fact]
    public void ANameThatIsGeneratedStandsInTheObject()
    {
        var read = Reviews.Event(Reviews.Request(("name", "\"\"")));

        Assert.Equal("web", read.GetProperty("objectRef").GetProperty("name").GetString());
    }

    [Fact]
    public void WhoCreatesANamespaceDoesThatInNone()
    {
        var read = Reviews.Event(Reviews.For("", "v1", "namespaces", null, ("namespace", "\"web\"")));

        Assert.False(read.GetProperty("objectRef").TryGetProperty("namespace", out _));
        Assert.StartsWith("/api/v1/namespaces?", read.GetProperty("requestURI").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ADeletionHasItsOptionsAndTheUidOfWhatIsDeletedButNotTheObject()
    {
        const string options = """{"kind":"DeleteOptions","apiVersion":"meta.k8s.io/v1","gracePeriodSeconds":0}""";

        var read = Reviews.Event(Reviews.Request(
            ("operation", "\"DELETE\""), ("object", "null"), ("oldObject", Reviews.Pod), ("options", options)));

        Assert.Equal(options, read.GetProperty("requestObject").GetRawText());
        Assert.Equal("11-22", read.GetProperty("objectRef").GetProperty("uid").GetString());
        Assert.False(read.TryGetProperty("responseObject", out _));
        Assert.DoesNotContain("containers", read.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "secrets", null)]
    [InlineData("", "serviceaccounts", "token")]
    [InlineData("authentication.k8s.io", "tokenreviews", null)]
    public void SecretsAndTokensAreLeftOut(string group, string resource, string? subresource)
    {
        var read = Reviews.Event(Reviews.For(group, "v1", resource, subresource, ("object", """{"data":{"password":"c2VjcmV0"}}""")));

        Assert.Equal("Metadata", read.GetProperty("level").GetString());
        Assert.DoesNotContain("c2VjcmV0", read.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void WhateverTheSpacesItIsOneLine()
    {
        var spaced = Reviews.Review(Reviews.Request()).Replace(",", " ,\r\n\t", StringComparison.Ordinal);

        Assert.Equal(1, Reviews.Line(spaced).Count(one => one is (byte)'\n' or (byte)'\r'));
    }

    static string For(
        string group, string version, string resource, string? subresource, string operation, params (string Name, string? Json)[] changes) =>
        Reviews.For(group, version, resource, subresource, [("operation", $"\"{operation}\""), ("options", null), .. changes]).ToJsonString();
}
