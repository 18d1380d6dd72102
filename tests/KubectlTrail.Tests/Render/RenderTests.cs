using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Contract.Yaml;

namespace ClusterTrail.Kubectl.Tests.Render;

public sealed class RenderTests : IDisposable
{
    readonly ArchiveFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("trail-minimal.yaml", "main")]
    [InlineData("trail-s3-full.yaml", "main")]
    [InlineData("trail-directory.yaml", "local")]
    [InlineData("trail-aggregates.yaml", "main")]
    public async Task ASampleBecomesItsObjects(string sample, string trail)
    {
        var outcome = await CommandLine.RunAsync("render", "-f", Sample(sample), "-f", Sample("detection-rules.yaml"));

        Assert.Equal("", outcome.Error);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(
            [$"ServiceAccount clustertrail-{trail}", $"ConfigMap clustertrail-{trail}", $"NetworkPolicy clustertrail-{trail}", $"DaemonSet clustertrail-{trail}-apiserver"],
            Names(YamlText.Read(outcome.Output)));
    }

    [Fact]
    public async Task ItsOptionsReachTheObjects()
    {
        var outcome = await CommandLine.RunAsync(
            "render", "-f", Sample("trail-minimal.yaml"), "--image", "mine:1", "--namespace", "audit", "--monitors", "-o", "json");

        var list = JsonNode.Parse(outcome.Output)!;
        var items = list["items"]!.AsArray();
        Assert.Equal("List", (string?)list["kind"]);
        Assert.Equal(
            ["ServiceAccount", "ConfigMap", "NetworkPolicy", "DaemonSet", "PodMonitor"], items.Select(item => (string?)item!["kind"]));
        Assert.All(items, item => Assert.Equal("audit", (string?)item!["metadata"]!["namespace"]));
        Assert.Equal("mine:1", (string?)items[3]!["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]);
    }

    [Theory]
    [InlineData("from: All", null, "")]
    [InlineData("from: None", "audit: team", "spec.selectorPolicy.from of Trail main is None")]
    [InlineData("from: Selector, selector: { matchLabels: { audit: team } }", "audit: team", "")]
    [InlineData("from: Selector, selector: { matchLabels: { kubernetes.io/metadata.name: payments } }", "a: b", "")]
    [InlineData("from: Selector, selector: { matchLabels: { audit: team } }", "audit: none",
        "spec.selectorPolicy.selector of Trail main does not match the labels of Namespace payments")]
    [InlineData(
        "from: Selector, selector: { matchLabels: { audit: team } }", null, "the input has no Namespace payments, whose labels decide")]
    public async Task ThePolicyDecidesWhatIsAttached(string policy, string? labels, string refusal)
    {
        var trail = Written("trail.yaml", Trail($"selectorPolicy: {{ {policy} }}"));
        var @namespace = Written("namespace.yaml",
            labels is null ? "" : $"apiVersion: v1\nkind: Namespace\nmetadata: {{ name: payments, labels: {{ {labels} }} }}");

        var outcome = await CommandLine.RunAsync("render", "-f", trail, "-f", @namespace, "-f", Sample("trailselector.yaml"));

        Assert.Equal(refusal.Length == 0 ? "" : $"kubectl trail: TrailSelector payments/changes is skipped: {refusal}.\n", outcome.Error);
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(refusal.Length == 0 ? ["main", "payments/changes"] : ["main"], RuleSets(outcome));
    }

    [Fact]
    public async Task ATrailSelectorWithoutItsTrailIsToldOf()
    {
        var text = await File.ReadAllTextAsync(Sample("trailselector.yaml"));
        var other = Written("selector.yaml", text.Replace("trail: main", "trail: other", StringComparison.Ordinal));

        var outcome = await CommandLine.RunAsync("render", "-f", Sample("trail-minimal.yaml"), "-f", other);

        Assert.Equal("kubectl trail: TrailSelector payments/changes is skipped: the input has no Trail other.\n", outcome.Error);
        Assert.Equal(0, outcome.ExitCode);
    }

    [Fact]
    public async Task WhatAClusterGivesOutIsTaken()
    {
        var list = Written("list.yaml", """
            apiVersion: v1
            kind: List
            items:
            - apiVersion: clustertrail.io/v1alpha1
              kind: Trail
              metadata:
                name: main
                uid: 7d8f1c52-3f0b-4c46-9a9e-0d6f1f1c3b11
                creationTimestamp: "2026-03-01T12:00:00Z"
                managedFields: [{ manager: kubectl, operation: Apply }]
              spec:
                clusterName: prod
                sources: { apiServer: { type: LogFile, logFile: { path: /var/log/audit/audit.log } } }
                sink: { type: S3, s3: { bucket: audit, region: null } }
                batch: null
              status: { sink: s3://audit }
            - { apiVersion: v1, kind: Secret, metadata: { name: other } }
            """);

        var outcome = await CommandLine.RunAsync("render", "-f", list);

        Assert.Equal("", outcome.Error);
        var objects = YamlText.Read(outcome.Output);
        Assert.Equal("7d8f1c52-3f0b-4c46-9a9e-0d6f1f1c3b11", (string?)objects[0]["metadata"]!["ownerReferences"]![0]!["uid"]);
    }

    static IEnumerable<string?> RuleSets(Outcome outcome)
    {
        var configMap = YamlText.Read(outcome.Output).Single(one => (string?)one["kind"] == "ConfigMap");
        return JsonNode.Parse((string)configMap["data"]!["selectors.json"]!)!["ruleSets"]!.AsArray().Select(set => (string?)set!["name"]);
    }

    static IEnumerable<string> Names(IEnumerable<JsonNode> objects) => objects.Select(one => $"{one["kind"]} {one["metadata"]!["name"]}");

    static string Trail(string more) => $$"""
        apiVersion: clustertrail.io/v1alpha1
        kind: Trail
        metadata: { name: main }
        spec:
          clusterName: prod
          sources: { apiServer: { type: LogFile, logFile: { path: /var/log/audit/audit.log } } }
          sink: { type: S3, s3: { bucket: audit } }
          {{more}}
        """;

    string Written(string name, string text) => folder.AddFile(name, Encoding.UTF8.GetBytes(text));

    static string Sample(string name) => Repository.PathOf("docs", "samples", name);
}
