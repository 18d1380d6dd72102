using System.Text.Json.Nodes;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing.Cluster;
using ClusterTrail.Trails.Manifests;
using ClusterTrail.Trails.Tests.Golden;

namespace ClusterTrail.Trails.Tests;

/// <summary>A real API server takes what we write.</summary>
[Collection(ClusterFixture.Collection)]
[Requires(Requires.Cluster)]
public sealed class ClusterTests(ClusterFixture fixture)
{
    static readonly string[] Known = ["ServiceAccount", "ConfigMap", "NetworkPolicy", "DaemonSet", "StatefulSet", "Service"];

    public static TheoryData<string> Cases => [.. GoldenCase.Names];

    public static TheoryData<string> Samples =>
    [
        .. Directory.GetFiles(Repository.PathOf("docs", "samples"), "*.yaml", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.PathOf("docs", "samples"), file)),
    ];

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task TheSchemaTakesEverySample(string sample)
    {
        var cluster = await WithCustomResourcesAsync();

        var result = await cluster.Admin.TryApplyAsync(
            await File.ReadAllTextAsync(Repository.PathOf("docs", "samples", sample)), ["--dry-run=server", "--validate=strict"],
            TestContext.Current.CancellationToken);

        Assert.True(result.ExitCode == 0, result.Error);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task EveryObjectIsTakenAndThenStaysAsItIs(string name)
    {
        var cluster = await fixture.StartedAsync();
        var @namespace = await cluster.CreateNamespaceAsync(TestContext.Current.CancellationToken);
        var manifests = ManifestText.Yaml(
            from one in GoldenCase.Load(name).Objects
            where Known.Contains(one.Type.Kind)
            select one with { Json = InNamespace(one.Json, @namespace) });

        await cluster.Admin.ApplyAsync(manifests, TestContext.Current.CancellationToken);
        var before = await VersionsAsync(cluster, @namespace);
        await cluster.Admin.ApplyAsync(manifests, TestContext.Current.CancellationToken);

        Assert.Equal(before, await VersionsAsync(cluster, @namespace));
        Assert.Equal(name switch { "workloads" => 6, "webhook-service" or "admission" => 5, _ => 4 }, before.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    // Of an owner that is not there the cluster would soon delete all.
    static JsonObject InNamespace(JsonObject json, string @namespace)
    {
        var copy = json.DeepClone().AsObject();
        copy["metadata"]!["namespace"] = @namespace;
        copy["metadata"]!.AsObject().Remove("ownerReferences");
        return copy;
    }

    // The API server fills in the templates of claims, so that it writes a StatefulSet with each apply; its spec stays, as the generation shows.
    static async Task<string> VersionsAsync(TestCluster cluster, string @namespace)
    {
        var others = await VersionsAsync(cluster, @namespace, "serviceaccounts,configmaps,networkpolicies,services,daemonsets", "resourceVersion");
        return $"{others}\n" + await VersionsAsync(cluster, @namespace, "statefulsets", "generation");
    }

    static Task<string> VersionsAsync(TestCluster cluster, string @namespace, string kinds, string version) => cluster.Admin.RunAsync(
        [
            "get", kinds, "--namespace", @namespace, "--selector", AgentLabels.Trail,
            "-o", $$$"""jsonpath={range .items[*]}{.kind} {.metadata.name} {.metadata.{{{version}}}}{"\n"}{end}""",
        ],
        TestContext.Current.CancellationToken);

    async Task<TestCluster> WithCustomResourcesAsync()
    {
        var cluster = await CustomResources.AppliedAsync(fixture, TestContext.Current.CancellationToken);
        foreach (var name in new[] { "payments", "clustertrail-system" })
            await cluster.Admin.TryApplyAsync(
                $$$"""{ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": "{{{name}}}" } }""", [],
                TestContext.Current.CancellationToken);
        return cluster;
    }
}
