using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.Fixtures.Tests.Cluster;

/// <summary>What only our own API server lets a test do: stop it, and look at its files.</summary>
[Collection(ClusterFixture.Collection)]
[Requires(Requires.Cluster)]
public sealed class ApiServerTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AWatchFromBeforeACompactionIsGone()
    {
        await using var cluster = await StartAsync();
        var server = cluster.Server!;
        var before = await VersionAsync(server, "before");
        for (var n = 0; n < 3; n++)
            await server.Admin.RunAsync(["create", "configmap", $"later-{n}"], Cancellation);

        await server.CompactAsync(Cancellation);
        server.Kill();
        await server.RestartAsync(Cancellation);

        var answer = await server.Http.GetStringAsync(
            $"/api/v1/namespaces/default/configmaps?watch=true&resourceVersion={before}&timeoutSeconds=5", Cancellation);
        var gone = JsonNode.Parse(answer.Split('\n')[0])!;
        Assert.Equal(("ERROR", 410, "Expired"), ((string?)gone["type"], (int?)gone["object"]!["code"], (string?)gone["object"]!["reason"]));
    }

    [Fact]
    public async Task WhatWasWrittenOutlivesAKillAndAFreeze()
    {
        await using var cluster = await StartAsync();
        var server = cluster.Server!;
        var version = await VersionAsync(server, "kept");

        server.Freeze();
        using var impatience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server.Http.GetAsync("/readyz", impatience.Token));
        server.Thaw();
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("/readyz", Cancellation)).StatusCode);

        server.Kill();
        await Assert.ThrowsAsync<HttpRequestException>(() => server.Http.GetAsync("/readyz", Cancellation));
        await server.RestartAsync(Cancellation);
        Assert.Equal(version, await ReadVersionAsync(server, "kept"));
    }

    [Fact]
    public async Task ARequestIsToldByTheAuditLogAndTheAuditWebhookAlike()
    {
        await using var webhook = await AuditWebhook.StartAsync(Cancellation);
        await using var cluster = await StartAsync(webhook.Url);
        var server = cluster.Server!;
        var name = $"told-{Guid.NewGuid():N}";
        await server.AsUser("alice", "auditors", "system:masters").RunAsync(
            ["create", "configmap", name, "--from-literal=key=value"], Cancellation);

        var logged = await Testing.Eventually.IsThereAsync(
            "a line in the log", () => Task.FromResult(Find(File.ReadLines(server.AuditLog).Select(line => JsonNode.Parse(line)!), name)),
            Cancellation);
        var sent = await Testing.Eventually.IsThereAsync(
            "an event at the webhook",
            () => Task.FromResult(Find(webhook.Events.Select(received => JsonNode.Parse(received.GetRawText())!), name)), Cancellation);

        Assert.Equal((string?)logged["auditID"], (string?)sent["auditID"]);
        Assert.Equal(("alice", "RequestResponse", 201),
            ((string?)logged["user"]!["username"], (string?)logged["level"], (int?)logged["responseStatus"]!["code"]));
        Assert.Contains("auditors", logged["user"]!["groups"]!.AsArray().Select(group => (string?)group));
        Assert.Equal("value", (string?)logged["requestObject"]!["data"]!["key"]);
    }

    [Fact]
    public async Task AnExecIsAuditedThoughThereIsNoKubelet()
    {
        await using var cluster = await StartAsync();
        var server = cluster.Server!;
        await server.Admin.ApplyAsync(
            """{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "shell", "namespace": "default"}, "spec": {"containers": [{"name": "c", "image": "i"}]}}""",
            Cancellation);

        var refused = await server.Admin.TryAsync(["exec", "-n", "default", "shell", "--", "id"], Cancellation);

        Assert.Contains("clusterlite has no kubelet", refused.Error, StringComparison.Ordinal);
        Assert.Contains(File.ReadLines(server.AuditLog), line =>
            line.Contains("/pods/shell/exec?command=id", StringComparison.Ordinal)
                && line.Contains("\"stage\":\"ResponseComplete\"", StringComparison.Ordinal));
    }

    // kubernetes/kubernetes#110671: a body that is YAML and not JSON cannot be written into an event of level Request or above.
    [Fact]
    public async Task AnApplyOfYamlLeavesNoEventOfItsEnd()
    {
        await using var cluster = await StartAsync();
        var server = cluster.Server!;
        using var body = new StringContent(
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yaml\n", System.Text.Encoding.UTF8, "application/apply-patch+yaml");

        using var answer = await server.Http.PatchAsync("/api/v1/namespaces/default/configmaps/yaml?fieldManager=test", body, Cancellation);
        await server.Admin.RunAsync(["create", "configmap", "after"], Cancellation);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        await Testing.Eventually.HoldsAsync(
            "the next request is in the log",
            () => Task.FromResult(File.ReadAllText(server.AuditLog).Contains("\"name\":\"after\"", StringComparison.Ordinal)),
            Cancellation);
        var stages = File.ReadLines(server.AuditLog).Where(line => line.Contains("/configmaps/yaml?", StringComparison.Ordinal))
            .Select(line => (string?)JsonNode.Parse(line)!["stage"]);
        Assert.Equal(["RequestReceived"], stages);
        Assert.Contains("apiserver_audit_error_total{plugin=\"log\"} 1", await server.Http.GetStringAsync("/metrics", Cancellation));
    }

    // Its own, as it is stopped and looked into.
    static async Task<TestCluster> StartAsync(Uri? webhook = null)
    {
        try
        {
            return await TestCluster.StartOwnAsync(new() { AuditWebhook = webhook }, Cancellation);
        }
        catch (Testing.MissingPartException e)
        {
            Assert.Skip(e.Message);
            throw;
        }
    }

    static JsonNode? Find(IEnumerable<JsonNode> events, string name) => events.FirstOrDefault(audited =>
        (string?)audited["verb"] == "create"
            && (string?)audited["stage"] == "ResponseComplete"
            && (string?)audited["objectRef"]?["name"] == name);

    static async Task<string> VersionAsync(ClusterServer server, string name)
    {
        await server.Admin.RunAsync(["create", "configmap", name], Cancellation);
        return await ReadVersionAsync(server, name);
    }

    static async Task<string> ReadVersionAsync(ClusterServer server, string name)
    {
        var stored = await server.Http.GetFromJsonAsync<JsonObject>($"/api/v1/namespaces/default/configmaps/{name}", Cancellation);
        return (string)stored!["metadata"]!["resourceVersion"]!;
    }
}
