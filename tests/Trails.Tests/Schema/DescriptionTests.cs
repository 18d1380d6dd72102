using System.Text.Json.Nodes;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.Trails.Tests.Schema;

/// <summary><c>kubectl explain</c> has a sentence for everything.</summary>
public sealed class DescriptionTests(ClusterFixture fixture)
{
    // The API server describes these itself.
    static readonly string[] Kubernetes = ["apiVersion", "kind", "metadata"];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void EveryFieldHasADescription()
    {
        Assert.Empty(Undescribed(Crd.Trail, "trail"));
        Assert.Empty(Undescribed(Crd.TrailSelector, "trailselector"));
        // The walk goes to the end.
        Assert.Contains("trail.spec.agent.tolerations.key", Fields(Crd.Trail, "trail").Select(field => field.Path));
        Assert.Contains(
            "trailselector.status.trails.conditions.reason", Fields(Crd.TrailSelector, "trailselector").Select(field => field.Path));
    }

    [Fact]
    [Requires(Requires.Cluster)]
    public async Task KubectlExplainsEveryFieldOfBothKinds()
    {
        var cluster = await CustomResources.AppliedAsync(fixture, Cancellation);

        foreach (var (kind, schema) in new[] { ("trail", Crd.Trail), ("trailselector", Crd.TrailSelector) })
        {
            var explained = await ExplainAsync(cluster.Admin, kind);
            foreach (var (path, field) in Fields(schema, kind))
                Assert.Contains(Words((string)field["description"]!), Words(explained), StringComparison.Ordinal);
            Assert.NotEmpty(explained);
        }

        var spec = await cluster.Admin.RunAsync(["explain", "trailselector.spec"], Cancellation);
        Assert.Contains("The events of this namespace to record, and the Trail that records them.", Words(spec), StringComparison.Ordinal);
        Assert.DoesNotContain("<empty>", spec, StringComparison.Ordinal);
    }

    // kubectl shows the descriptions of one level at a time. It may have to wait until the server publishes the kind.
    static async Task<string> ExplainAsync(KubectlUser kubectl, string kind)
    {
        var paths = Fields(kind == "trail" ? Crd.Trail : Crd.TrailSelector, kind)
            .Where(field => Nested(field.Schema).Count > 0).Select(field => field.Path).Prepend(kind);
        await Testing.Eventually.HoldsAsync(
            $"{kind} is explained", async () => (await kubectl.TryAsync(["explain", kind], Cancellation)).ExitCode == 0, Cancellation);
        var pages = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Parallel.ForEachAsync(
            paths,
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancellation },
            async (path, _) => pages.Add(await kubectl.RunAsync(["explain", path], Cancellation)));
        return string.Join('\n', pages);
    }

    static IEnumerable<string> Undescribed(JsonObject schema, string path) =>
        from field in Fields(schema, path) where string.IsNullOrWhiteSpace((string?)field.Schema["description"]) select field.Path;

    static IEnumerable<(string Path, JsonObject Schema)> Fields(JsonObject schema, string path) =>
        from property in Nested(schema)
        where path.Contains('.', StringComparison.Ordinal) || !Kubernetes.Contains(property.Key)
        from field in Fields(property.Value!.AsObject(), $"{path}.{property.Key}").Prepend(
            ($"{path}.{property.Key}", property.Value.AsObject()))
        select field;

    static JsonObject Nested(JsonObject schema) =>
        (schema["properties"] ?? (schema["items"] ?? schema["additionalProperties"])?["properties"])?.AsObject() ?? [];

    // kubectl breaks lines.
    static string Words(string text) => string.Join(' ', text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
