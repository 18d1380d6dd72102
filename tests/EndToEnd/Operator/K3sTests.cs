using System.Diagnostics;
using System.Text.Json;
using ClusterTrail.EndToEnd.FirstHour;
using ClusterTrail.Fixtures;
using ClusterTrail.Fixtures.K3s;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.EndToEnd.Operator;

/// <summary>The product's own images in a k3s: Helm installs the operator, and a Trail's agent, a pod, records that cluster.</summary>
[Requires(Requires.Cluster, Requires.Helm)]
public sealed class K3sTests : IAsyncDisposable
{
    const string Namespace = "clustertrail-system";
    const string Archive = "/var/lib/clustertrail-archive";

    readonly TemporaryFolder folder = new();
    TestCluster? cluster;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    static string Repository => Path.GetFullPath(Path.Combine(ToolScript.PathOf("helm.sh"), "..", ".."));

    KubectlUser Admin => cluster!.Admin;

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null)
            await cluster.DisposeAsync();
        folder.Dispose();
    }

    [K3sFact]
    public async Task ATrailRecordsARealCluster()
    {
        var docker = new DockerProgram();
        var k3s = await K3sCluster.StartAsync(docker, Cancellation).OrSkipAsync();
        cluster = await k3s.AsTestClusterAsync();
        await docker.SaveImagesAsync(Repository, version: "0.1.0", folder.Join("images.tar"), Cancellation);
        await k3s.LoadImagesAsync(folder.Join("images.tar"), Cancellation);
        await InstallAsync();

        await Admin.ApplyAsync(await TrailAsync(), Cancellation);
        await Admin.RunAsync(["wait", "--for=condition=Ready", "trail/local", "--timeout=5m"], Cancellation);
        var created = await cluster.CreateNamespaceAsync(Cancellation);

        await UntilAsync(
            "the archive has the namespace's creation",
            async () => (await RecordsAsync(k3s)).Any(record => IsCreation(record, created)));
        Assert.Equal("1/1", await FieldsAsync("{.status.agents.summary}"));
        await DeletionIsCleanAsync();
    }

    [Fact]
    public async Task TheTrailOfThisTestIsTakenByAServerWithoutDockerToo()
    {
        cluster = await TestCluster.StartOwnAsync(new(), Cancellation).OrSkipAsync();
        var definitions = Path.Join(Repository, "crds");
        await Admin.RunAsync(["apply", "--server-side", "-f", definitions], Cancellation);
        await Admin.WaitForKindsAsync(["-f", definitions], Cancellation);

        await Admin.ApplyAsync(await TrailAsync(), Cancellation);

        Assert.Equal($"1 {Archive}", await FieldsAsync("{.spec.batch.maxAgeSeconds} {.spec.sink.directory.hostPath.path}"));
    }

    async Task InstallAsync()
    {
        var helm = await Part.Helm.PathOfAsync("helm", Cancellation).OrSkipAsync();
        await Admin.RunAsync(["create", "namespace", Namespace], Cancellation);
        await Admin.RunAsync(["label", "namespace", Namespace, "pod-security.kubernetes.io/enforce=privileged"], Cancellation);
        await new InstalledRelease(helm, Admin, Namespace, folder.Path).InstallAsync();
        await Admin.RunAsync(["rollout", "status", "deployment/clustertrail-operator", "-n", Namespace, "--timeout=5m"], Cancellation);
    }

    async Task DeletionIsCleanAsync()
    {
        await Admin.RunAsync(["delete", "trail", "local", "--timeout=2m"], Cancellation);

        string[] left = ["get", "pods,daemonsets", "-n", Namespace, "-l", "clustertrail.io/trail=local", "-o", "name"];
        await UntilAsync("no pod of an agent is left", async () => await Admin.RunAsync(left, Cancellation) == "");
    }

    Task<string> FieldsAsync(string paths) => Admin.RunAsync(["get", "trail", "local", "-o", $"jsonpath={paths}"], Cancellation);

    /// <summary>The documents' own sample, but that it need not wait a minute for a batch.</summary>
    static async Task<string> TrailAsync()
    {
        var sample = await File.ReadAllTextAsync(Path.Join(Repository, "docs", "samples", "trail-directory.yaml"), Cancellation);
        return $"{sample.TrimEnd()}\n  batch:\n    maxAgeSeconds: 1\n";
    }

    static bool IsCreation(JsonElement record, string name) =>
        record.TryGetProperty("event", out var audited)
        && audited.GetProperty("verb").GetString() == "create"
        && audited.TryGetProperty("objectRef", out var reference)
        && reference.GetProperty("resource").GetString() == "namespaces"
        && reference.TryGetProperty("name", out var created) && created.GetString() == name;

    static async Task<List<JsonElement>> RecordsAsync(K3sCluster k3s)
    {
        var records = new List<JsonElement>();
        var stored = await k3s.RunAsync(["sh", "-c", $"find {Archive} -name '*.ndjson.*' 2>/dev/null || true"], Cancellation);
        foreach (var path in stored.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            records.AddRange(ArchivedRecords.Of(await k3s.ReadFileAsync(path, Cancellation)));
        return records;
    }

    async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        for (var since = Stopwatch.StartNew(); !await holds(); await Task.Delay(TimeSpan.FromSeconds(1), Cancellation))
            if (since.Elapsed > TimeSpan.FromMinutes(3))
                Assert.Fail($"In 3 minutes it did not come to pass that {what}.\n{await StandingAsync()}");
    }

    async Task<string> StandingAsync()
    {
        var trails = await Admin.RunAsync(["get", "trails", "-o", "yaml"], Cancellation);
        return $"{trails}\n{await Admin.RunAsync(["get", "pods,events", "-A"], Cancellation)}";
    }
}
