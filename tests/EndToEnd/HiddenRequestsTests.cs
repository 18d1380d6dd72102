using System.Globalization;
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
    const string Pod = "/api/v1/namespaces/default/pods/web";
    const string Secrets = "/api/v1/namespaces/default/secrets";
    const string NotUtf8 = "\"metadata\":{\"annotations\":{\"a\":\"ÿ\"}}";
    const string Last = "dry run of deleting all";

    readonly AgentFolder folder = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    static string Nest => $"\"x\":{new string('[', 600)}{new string(']', 600)}";

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

        await EventIsWrittenAsync(cluster.Server.AuditLog, Last);
        await AllIsReadAsync(await agent.Url, new FileInfo(cluster.Server.AuditLog).Length);
        Assert.Equal(0, await agent.StopAsync());

        var records = ArchivedRecords.OfFolder(folder.ArchivePath);
        Assert.All(attempts, attempt =>
        {
            var events = EventsOf(records, attempt);
            Assert.All(events, record => Assert.Equal("admin", record.GetProperty("userIdentity").GetProperty("userName").GetString()));
            Assert.Equal(attempt.Reason, events.Select(ReasonOf).FirstOrDefault(reason => reason is not null));
            Assert.Superset(attempt.Rules.ToHashSet(), FindingsOf(records, events).ToHashSet());
        });
        Assert.DoesNotContain(records, record => record.GetProperty("eventCategory").GetString() == "Unparsable");
    }

    static IEnumerable<Attempt> Attempts() =>
    [
        new("binding with a padded URI", HttpMethod.Post, $"{Bindings}?x={Padding}", Binding("padded"), "LongerThanMaxEventBytes")
        {
            Rules = ["cluster-admin-granted", "event-padded"],
        },
        new("list of secrets with a padded URI", HttpMethod.Get, $"/api/v1/secrets?x={Padding}", null, "LongerThanMaxEventBytes")
        {
            Rules = ["secrets-listed-everywhere", "event-padded"],
        },
        new("exec with a padded URI", HttpMethod.Post, $"{Pod}/exec?command=true&x={Padding}", null, "LongerThanMaxEventBytes")
        {
            Rules = ["pod-exec", "event-padded"],
        },
        new("binding with a padded body", HttpMethod.Post, Bindings, Binding("large", new string('<', 200_000)), "LongerThanMaxEventBytes")
        {
            Rules = ["cluster-admin-granted"],
        },
        new("role patched with a byte that is not UTF-8", HttpMethod.Patch, $"{Roles}/plain", Role(NotUtf8), "NotUtf8")
        {
            Rules = ["wildcard-role"],
        },
        new("role patched with a deep nest", HttpMethod.Patch, $"{Roles}/deep", Role(Nest), "NestedTooDeep")
        {
            Rules = ["wildcard-role"],
        },
        new("watch of secrets", HttpMethod.Get, "/api/v1/secrets?watch=true&timeoutSeconds=1", null)
        {
            Rules = ["secrets-listed-everywhere"],
        },
        new("empty patch", HttpMethod.Patch, "/api/v1/namespaces/kube-system/secrets/keys", "{}") { Rules = ["system-secret-read"] },
        new("dry run of a patch", HttpMethod.Patch, $"{Secrets}/keys?dryRun=All", "{}") { Rules = ["secret-read-by-write"] },
        new(Last, HttpMethod.Delete, $"{Secrets}?dryRun=All", null) { Rules = ["secrets-read-by-deletion"] },
    ];

    static string Role(string member) => $$"""{ {{member}},"rules":[{"verbs":["*"],"apiGroups":["*"],"resources":["*"]}] }""";

    static string Binding(string name, string subject = "eve") => $$"""
        {"kind":"ClusterRoleBinding","apiVersion":"rbac.authorization.k8s.io/v1","metadata":{"name":"{{name}}"},
         "subjects":[{"kind":"User","apiGroup":"rbac.authorization.k8s.io","name":"{{subject}}"}],
         "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"cluster-admin"} }
        """;

    static async Task PrepareAsync(KubectlUser admin)
    {
        await admin.RunAsync(["run", "web", "--image=web", "--namespace", "default"], Cancellation);
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
        var detections = new DetectionsFile { Packs = ["baseline"] };
        File.WriteAllBytes(Path.Combine(folder.Root, "detections.json"), Contracts.WriteCompact(detections));
        return AgentProcess.Start(folder.Root, folder.Configuration with
        {
            Detections = "detections.json",
            Sources =
            [
                new() { Name = "apiserver", Type = SourceType.LogFile, LogFile = new() { Path = auditLog, MaxEventBytes = 1 << 20 } },
            ],
        });
    }

    static async Task SendAsync(HttpClient http, Attempt attempt)
    {
        // As it is, though a browser would escape it.
        var asItIs = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var uri = new Uri($"{http.BaseAddress!.AbsoluteUri.TrimEnd('/')}{attempt.Path}", asItIs);
        using var request = new HttpRequestMessage(attempt.Method, uri);
        request.Headers.TryAddWithoutValidation("User-Agent", attempt.Name);
        if (attempt.Body is { } body)
        {
            request.Content = new ByteArrayContent(Encoding.Latin1.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(
                attempt.Method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json");
        }

        using var answer = await http.SendAsync(request, Cancellation);
        await answer.Content.ReadAsStringAsync(Cancellation);
        TestContext.Current.TestOutputHelper!.WriteLine($"{attempt.Name}: {(int)answer.StatusCode}");
    }

    static Task EventIsWrittenAsync(string auditLog, string userAgent) => Eventually.HoldsAsync(
        "the last request is in the log",
        async () => (await File.ReadAllTextAsync(auditLog, Cancellation))
            .Contains($"\"userAgent\":\"{userAgent}\"", StringComparison.Ordinal),
        Cancellation);

    // An agent that has just started also says that it is idle and behind by nothing.
    static async Task AllIsReadAsync(Uri agent, long bytes)
    {
        const string Read = "clustertrail_source_read_bytes_total{";
        using HttpClient http = new();
        await Eventually.HoldsAsync(
            "the agent has read it",
            async () => (await http.GetStringAsync(new Uri(agent, "metrics"), Cancellation)).Split('\n')
                .Where(line => line.StartsWith(Read, StringComparison.Ordinal))
                .Sum(line => double.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture)) >= bytes,
            Cancellation);
    }

    static List<JsonElement> EventsOf(IReadOnlyList<JsonElement> records, Attempt attempt) =>
    [
        .. records.Where(record => record.TryGetProperty("event", out var audit)
            && audit.TryGetProperty("userAgent", out var agent) && agent.GetString() == attempt.Name),
    ];

    static string? ReasonOf(JsonElement record) =>
        record.TryGetProperty("truncated", out var truncated) ? truncated.GetProperty("reason").GetString() : null;

    static IEnumerable<string> FindingsOf(IReadOnlyList<JsonElement> records, IEnumerable<JsonElement> events)
    {
        var ids = events.Select(record => record.GetProperty("eventID").GetString()).ToHashSet();
        return records.Where(record => record.TryGetProperty("insightDetails", out var details)
                && details.GetProperty("eventIDs").EnumerateArray().Any(id => ids.Contains(id.GetString())))
            .Select(record => record.GetProperty("insightDetails").GetProperty("rule").GetString()!);
    }

    /// <param name="Name">Its user agent, by which its events are found.</param>
    /// <param name="Reason">Why they are truncated; null when they are not.</param>
    sealed record Attempt(string Name, HttpMethod Method, string Path, string? Body, string? Reason = null)
    {
        public required IReadOnlyList<string> Rules { get; init; }
    }
}
