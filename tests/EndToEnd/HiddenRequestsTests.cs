using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.EndToEnd;

/// <summary>What a client does to a real API server so that nobody shall notice, and that it is found and recorded all the same.</summary>
[Requires(Requires.Cluster)]
public sealed class HiddenRequestsTests : IDisposable
{
    const string Bindings = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
    const string Roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
    const string AllowAll = """[{"verbs":["*"],"apiGroups":["*"],"resources":["*"]}]""";

    readonly AgentFolder folder = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    static string Padding => new('<', 720_000);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task NothingHidesARequestFromTheRulesNorItsUserFromTheArchive()
    {
        await using var cluster = await TestCluster.StartOwnAsync(new(), Cancellation).OrSkipAsync();
        await PrepareAsync(cluster.Admin);
        using var agent = Start(cluster.Server!.AuditLog);
        var attempts = Attempts().ToList();
        foreach (var attempt in attempts)
        {
            await SendAsync(cluster.Server.Http, attempt);
        }

        await EventsAreWrittenAsync(cluster.Server.AuditLog, attempts.Count);
        Assert.Equal(0, await agent.StopAsync());

        var records = ArchivedRecords.OfFolder(folder.ArchivePath);
        var missed = attempts.Where(attempt => !attempt.Rules.All(rule => HasFinding(records, attempt, rule)))
            .Select(attempt => $"{attempt.Name}: {string.Join(", ", FindingsOf(records, attempt))}");
        Assert.Empty(missed);
        Assert.DoesNotContain(records, record => record.GetProperty("eventCategory").GetString() == "Unparsable");
    }

    static IEnumerable<Attempt> Attempts()
    {
        yield return new("binding with a padded URI", HttpMethod.Post, $"{Bindings}?x={Padding}", Binding("padded"), ["cluster-admin-granted", "event-padded"]);
        yield return new("list of secrets with a padded URI", HttpMethod.Get, $"/api/v1/secrets?x={Padding}", null, ["secrets-listed-everywhere", "event-padded"]);
        yield return new(
            "exec with a padded URI", HttpMethod.Post, $"/api/v1/namespaces/default/pods/web/exec?command=true&x={Padding}", null, ["pod-exec", "event-padded"]);
        yield return new("binding with a padded body", HttpMethod.Post, Bindings, Binding("large", new string('<', 400_000)), ["cluster-admin-granted"]);
        yield return new("role patched with bytes that are not UTF-8", HttpMethod.Patch, $"{Roles}/plain", $$$"""{"metadata":{"annotations":{"a":"ÿ"}},"rules":{{{AllowAll}}}}""", ["wildcard-role"]);
        yield return new(
            "role patched with a deep nest", HttpMethod.Patch, $"{Roles}/deep", $$$"""{"x":{{{new string('[', 600)}}}{{{new string(']', 600)}}},"rules":{{{AllowAll}}}}""", ["wildcard-role"]);
        yield return new("watch of secrets", HttpMethod.Get, "/api/v1/secrets?watch=true&timeoutSeconds=1", null, ["secrets-listed-everywhere"]);
        yield return new("empty patch of a secret", HttpMethod.Patch, "/api/v1/namespaces/kube-system/secrets/keys", "{}", ["system-secret-read"]);
        yield return new("dry run of a patch", HttpMethod.Patch, "/api/v1/namespaces/default/secrets/keys?dryRun=All", "{}", ["secret-read-by-write"]);
        yield return new("dry run of deleting all", HttpMethod.Delete, "/api/v1/namespaces/default/secrets?dryRun=All", null, ["secrets-read-by-deletion"]);
    }

    static string Binding(string name, string subject = "eve") => $$"""
        {"kind":"ClusterRoleBinding","apiVersion":"rbac.authorization.k8s.io/v1","metadata":{"name":"{{name}}"},
         "subjects":[{"kind":"User","apiGroup":"rbac.authorization.k8s.io","name":"{{subject}}"}],
         "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"cluster-admin"} }
        """;

    static async Task PrepareAsync(KubectlUser admin)
    {
        await admin.ApplyAsync("""{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": "default"}, "spec": {"containers": [{"name": "web", "image": "web"}]}}""", Cancellation);
        foreach (var role in new[] { "plain", "deep" })
        {
            await admin.RunAsync(["create", "clusterrole", role, "--verb=get", "--resource=pods"], Cancellation);
        }

        foreach (var ns in new[] { "default", "kube-system" })
        {
            await admin.RunAsync(["create", "secret", "generic", "keys", "--from-literal=a=b", "--namespace", ns], Cancellation);
        }
    }

    AgentProcess Start(string auditLog)
    {
        File.WriteAllBytes(Path.Combine(folder.Root, "detections.json"), Contracts.WriteCompact(new DetectionsFile { Packs = ["baseline"] }));
        return AgentProcess.Start(folder.Root, folder.Configuration with
        {
            Detections = "detections.json",
            Sources = [new() { Name = "apiserver", Type = SourceType.LogFile, LogFile = new() { Path = auditLog } }],
        });
    }

    static async Task SendAsync(HttpClient http, Attempt attempt)
    {
        // As it is, though a browser would escape it.
        var uri = new Uri($"{http.BaseAddress!.AbsoluteUri.TrimEnd('/')}{attempt.Path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(attempt.Method, uri);
        request.Headers.TryAddWithoutValidation("User-Agent", attempt.Name);
        if (attempt.Body is { } body)
        {
            request.Content = new ByteArrayContent(Encoding.Latin1.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(attempt.Method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json");
        }

        using var answer = await http.SendAsync(request, Cancellation);
        await answer.Content.ReadAsStringAsync(Cancellation);
        TestContext.Current.TestOutputHelper!.WriteLine($"{attempt.Name}: {(int)answer.StatusCode}");
    }

    static Task EventsAreWrittenAsync(string auditLog, int attempts) => Eventually.HoldsAsync(
        "the last request is in the log",
        async () => (await File.ReadAllTextAsync(auditLog, Cancellation)).Contains("\"userAgent\":\"dry run of deleting all\"", StringComparison.Ordinal),
        Cancellation);

    static bool HasFinding(IReadOnlyList<JsonElement> records, Attempt attempt, string rule) => FindingsOf(records, attempt).Contains(rule);

    static IEnumerable<string> FindingsOf(IReadOnlyList<JsonElement> records, Attempt attempt)
    {
        var events = records.Where(record => record.TryGetProperty("event", out var audit) && audit.GetProperty("userAgent").GetString() == attempt.Name).ToList();
        Assert.All(events, record => Assert.Equal("admin", record.GetProperty("userIdentity").GetProperty("userName").GetString()));
        var ids = events.Select(record => record.GetProperty("eventID").GetString()).ToHashSet();
        return records.Where(record => record.TryGetProperty("insightDetails", out var details)
                && details.GetProperty("eventIDs").EnumerateArray().Any(id => ids.Contains(id.GetString())))
            .Select(record => record.GetProperty("insightDetails").GetProperty("rule").GetString()!);
    }

    sealed record Attempt(string Name, HttpMethod Method, string Path, string? Body, IReadOnlyList<string> Rules);
}
