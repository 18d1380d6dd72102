using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.EndToEnd.Operator;

/// <summary>A real API server with Trails, what strangers write there, and the operator with the memory that the chart gives it.</summary>
sealed class AttackedCluster : IAsyncDisposable
{
    public const string Namespace = "clustertrail-system";

    readonly TemporaryFolder folder = new("/var/tmp");

    AttackedCluster(TestCluster cluster) => Cluster = cluster;

    public TestCluster Cluster { get; }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    HttpClient Http => Cluster.Server!.Http;

    public static async Task<AttackedCluster> StartAsync(params IReadOnlyList<string> namespaces)
    {
        var attacked = new AttackedCluster(await TestCluster.StartOwnAsync(new(), Cancel).OrSkipAsync());
        var admin = attacked.Cluster.Admin;
        await admin.RunAsync(["apply", "--server-side", "-f", PathOf("crds")], Cancel);
        await admin.WaitForKindsAsync(["crd/trails.clustertrail.io", "crd/trailselectors.clustertrail.io"], Cancel);
        foreach (var name in namespaces.Prepend(Namespace))
            await admin.RunAsync(["create", "namespace", name], Cancel);
        return attacked;
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        folder.Dispose();
    }

    public Task<OperatorProcess> StartOperatorAsync() => OperatorProcess.StartAsync(
        Cluster.Admin.Kubeconfig, Namespace, folder.Path, Cluster.Logs, Cancel, OperatorMemory.Environment);

    /// <summary>Creates or changes a Trail that TrailSelectors of all namespaces may add to.</summary>
    public Task ApplyTrailAsync(string name, int maxAgeSeconds = 60) => Cluster.Admin.ApplyAsync(
        $$"""
        apiVersion: clustertrail.io/v1alpha1
        kind: Trail
        metadata: { name: {{name}} }
        spec:
          clusterName: prod
          sources: { apiServer: { type: LogFile, logFile: { path: /var/log/audit/audit.log } } }
          selectorPolicy: { from: All }
          batch: { maxAgeSeconds: {{maxAgeSeconds}} }
          sink: { type: S3, s3: { bucket: audit } }
        """,
        Cancel);

    public async Task PostSelectorAsync(string @namespace, string name, string trail, JsonArray rules)
    {
        using var answer = await Http.PostAsync(SelectorsOf(@namespace), Json(Selector(name, trail, rules)), Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    public async Task DeleteSelectorAsync(string @namespace, string name)
    {
        using var answer = await Http.DeleteAsync($"{SelectorsOf(@namespace)}/{name}", Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    /// <summary>Creates or changes a ConfigMap in the operator's namespace.</summary>
    public async Task WriteConfigMapAsync(JsonObject map)
    {
        var collection = $"/api/v1/namespaces/{Namespace}/configmaps";
        using var changed = await Http.PutAsync($"{collection}/{map["metadata"]!["name"]}", Json(map), Cancel);
        if (changed.StatusCode != HttpStatusCode.NotFound)
        {
            Assert.True(changed.IsSuccessStatusCode, await changed.Content.ReadAsStringAsync(Cancel));
            return;
        }

        using var created = await Http.PostAsync(collection, Json(map), Cancel);
        Assert.True(created.IsSuccessStatusCode, await created.Content.ReadAsStringAsync(Cancel));
    }

    public async Task<JsonNode> ReadAsync(string path) => JsonNode.Parse(await Http.GetStringAsync(path, Cancel))!;

    public Task<JsonNode> TrailAsync(string name) => ReadAsync($"/apis/clustertrail.io/v1alpha1/trails/{name}");

    /// <summary>Why a Trail accepts or rejects a TrailSelector; null before it is judged.</summary>
    public async Task<string?> ReasonAsync(string @namespace, string selector) =>
        (string?)(await ReadAsync($"{SelectorsOf(@namespace)}/{selector}"))["status"]?["trails"]?[0]?["conditions"]?[0]?["reason"];

    public static JsonArray Small() => [new JsonObject { ["level"] = "Metadata", ["verbs"] = new JsonArray("get") }];

    /// <summary>Just below what etcd stores: 1.5 MiB.</summary>
    public static JsonArray Large()
    {
        var users = Enumerable.Range(0, 55).Select(n => (JsonNode)new string((char)('a' + (n % 26)), 512));
        return [.. Enumerable.Range(0, 50).Select(_ => new JsonObject { ["level"] = "Metadata", ["users"] = new JsonArray([.. users]) })];
    }

    public static void AssertWithinLimit(OperatorProcess process, string when)
    {
        var peak = process.PeakMegabytes;
        TestContext.Current.SendDiagnosticMessage($"{peak:0} MB {when}");
        Assert.True(peak < OperatorMemory.LimitMegabytes, $"The operator took {peak:0} MB {when}, and the chart gives it {OperatorMemory.LimitMegabytes} MiB.");
    }

    static JsonObject Selector(string name, string trail, JsonArray rules) => new()
    {
        ["apiVersion"] = "clustertrail.io/v1alpha1",
        ["kind"] = "TrailSelector",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject { ["trail"] = trail, ["rules"] = rules },
    };

    static StringContent Json(JsonObject body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");

    static string SelectorsOf(string @namespace) => $"/apis/clustertrail.io/v1alpha1/namespaces/{@namespace}/trailselectors";

    static string PathOf(string file) => Path.Combine(Path.GetDirectoryName(ToolScript.PathOf("helm.sh"))!, "..", file);
}
