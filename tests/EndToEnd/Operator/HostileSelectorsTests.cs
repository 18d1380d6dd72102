using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.EndToEnd.Operator;

/// <summary>
/// A namespace's admin writes as many TrailSelectors, as large ones, as the API server takes: the operator, with the memory that the chart
/// gives it, goes on, also after a restart.
/// </summary>
/// <remarks>CLUSTERTRAIL_TEST_HOSTILE=1 writes 10,000 small and 500 of the largest, which takes minutes.</remarks>
[Requires(Requires.Cluster)]
public sealed partial class HostileSelectorsTests : IAsyncDisposable
{
    const string Namespace = "clustertrail-system";

    static readonly bool IsFull = Environment.GetEnvironmentVariable("CLUSTERTRAIL_TEST_HOSTILE") == "1";
    static readonly (int Small, int Large) Count = IsFull ? (10_000, 500) : (1_000, 60);

    readonly TemporaryFolder folder = new("/var/tmp");
    ClusterServer server = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task NoNamespaceStopsTheOperatorForOthers()
    {
        server = await ClusterServer.StartAsync(new(), Cancel).OrSkipAsync();
        await PrepareAsync();
        using (var first = await StartAsync())
        {
            await AttackAsync();
            await PostAsync("team-good", Selector("wanted", "main", Small()));
            await IsAttachedAsync("team-good", "wanted");
            await IsToldAsync();
            AssertWithinLimit(first, "while they are written");
            first.Kill();
        }

        using var second = await StartAsync();
        await PostAsync("team-good", Selector("after", "main", Small()));
        var since = Stopwatch.StartNew();
        await IsAttachedAsync("team-good", "after");
        TestContext.Current.SendDiagnosticMessage($"attached {since.Elapsed.TotalSeconds:0.0} s after the restart");
        AssertWithinLimit(second, "after a restart");
        Assert.Equal("NamespaceQuotaExceeded", await ReasonAsync("team-bad", "s900"));
        Assert.Equal("NamespaceQuotaExceeded", await ReasonAsync("team-bad", "large-0"));
    }

    async Task PrepareAsync()
    {
        var crds = Path.Combine(Path.GetDirectoryName(ToolScript.PathOf("helm.sh"))!, "..", "crds");
        await server.Admin.RunAsync(["apply", "--server-side", "-f", crds], Cancel);
        await server.Admin.WaitForKindsAsync(["crd/trails.clustertrail.io", "crd/trailselectors.clustertrail.io"], Cancel);
        foreach (var name in new[] { Namespace, "team-bad", "team-good" })
            await server.Admin.RunAsync(["create", "namespace", name], Cancel);
        await server.Admin.ApplyAsync(
            """
            apiVersion: clustertrail.io/v1alpha1
            kind: Trail
            metadata: { name: main }
            spec:
              clusterName: prod
              sources: { apiServer: { type: LogFile, logFile: { path: /var/log/audit/audit.log } } }
              selectorPolicy: { from: All }
              sink: { type: S3, s3: { bucket: audit } }
            """,
            Cancel);
    }

    // In a container with the chart's limit, the runtime does so itself: Operator.csproj says how much of it the heap may take.
    Task<OperatorProcess> StartAsync() => OperatorProcess.StartAsync(
        server.Admin.Kubeconfig, Namespace, folder.Path, server.Logs, Cancel,
        new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = (LimitMegabytes() * 1024L * 1024 * 45 / 100).ToString("X", CultureInfo.InvariantCulture) });

    async Task AttackAsync()
    {
        var large = Large();
        await Parallel.ForAsync(0, Count.Small, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancel }, async (n, _) =>
            await PostAsync("team-bad", Selector($"s{n}", n % 2 == 0 ? "main" : "nowhere", Small())));
        await Parallel.ForAsync(0, Count.Large, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = Cancel }, async (n, _) =>
            await PostAsync("team-bad", Selector($"large-{n}", n % 2 == 0 ? "main" : "nowhere", large.DeepClone().AsArray())));
    }

    async Task PostAsync(string @namespace, JsonObject selector)
    {
        using var body = new StringContent(selector.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await server.Http.PostAsync(PathOf(@namespace), body, Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    // A leader that was killed holds its lease for 15 s more.
    Task IsAttachedAsync(string @namespace, string name) => Eventually.HoldsAsync(
        $"{name} is attached", TimeSpan.FromMinutes(IsFull ? 4 : 1), async () => await ReasonAsync(@namespace, name) == "Attached", Cancel);

    Task IsToldAsync() => Eventually.HoldsAsync(
        "the Trail names who exceeds the quota",
        async () => (await ReadAsync("/apis/clustertrail.io/v1alpha1/trails/main"))["status"]?["conditions"]?.AsArray().Any(condition =>
            (string?)condition!["reason"] == "QuotaExceeded" && ((string)condition["message"]!).Contains("team-bad", StringComparison.Ordinal)) == true,
        Cancel);

    async Task<string?> ReasonAsync(string @namespace, string name) =>
        (string?)(await ReadAsync($"{PathOf(@namespace)}/{name}"))["status"]?["trails"]?[0]?["conditions"]?[0]?["reason"];

    async Task<JsonNode> ReadAsync(string path) => JsonNode.Parse(await server.Http.GetStringAsync(path, Cancel))!;

    static string PathOf(string @namespace) => $"/apis/clustertrail.io/v1alpha1/namespaces/{@namespace}/trailselectors";

    static void AssertWithinLimit(OperatorProcess process, string when)
    {
        var peak = process.PeakMegabytes;
        TestContext.Current.SendDiagnosticMessage($"{peak:0} MB {when}");
        Assert.True(peak < LimitMegabytes(), $"The operator took {peak:0} MB {when}, and the chart gives it {LimitMegabytes()} MiB.");
    }

    static int LimitMegabytes()
    {
        var values = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ToolScript.PathOf("helm.sh"))!, "..", "charts/clustertrail/values.yaml"));
        return int.Parse(MemoryLimit().Match(values).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    static JsonObject Selector(string name, string trail, JsonArray rules) => new()
    {
        ["apiVersion"] = "clustertrail.io/v1alpha1",
        ["kind"] = "TrailSelector",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject { ["trail"] = trail, ["rules"] = rules },
    };

    static JsonArray Small() => [new JsonObject { ["level"] = "Metadata", ["verbs"] = new JsonArray("get") }];

    // Just below what etcd stores: 1.5 MiB.
    static JsonArray Large()
    {
        var users = Enumerable.Range(0, 55).Select(n => (JsonNode)new string((char)('a' + (n % 26)), 512));
        return [.. Enumerable.Range(0, 50).Select(_ => new JsonObject { ["level"] = "Metadata", ["users"] = new JsonArray([.. users]) })];
    }

    [GeneratedRegex(@"limits:\s+memory: (\d+)Mi")]
    private static partial Regex MemoryLimit();
}
