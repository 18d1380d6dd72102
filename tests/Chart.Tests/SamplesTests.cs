using ClusterTrail.Fixtures;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.Chart.Tests;

/// <summary>The samples are what the API server takes.</summary>
[Requires(Requires.Cluster)]
[Collection(ClusterFixture.Collection)]
public sealed class SamplesTests(ClusterFixture cluster)
{
    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheServerTakesEverySample()
    {
        var samples = Directory.GetFiles(Repository.PathOf("docs", "samples"), "*.yaml", SearchOption.AllDirectories);
        Assert.NotEmpty(samples);
        var kubectl = (await cluster.StartedAsync()).Admin;
        await ApplyCustomResourcesAsync(kubectl);

        foreach (var sample in samples)
        {
            var manifests = await File.ReadAllTextAsync(sample, Cancelled);
            await MakeNamespacesAsync(kubectl, manifests);
            var result = await kubectl.TryApplyAsync(manifests, ["--dry-run=server"], Cancelled);
            Assert.True(result.ExitCode == 0, $"{Path.GetFileName(sample)}: {result.Error}");
        }

        await kubectl.RunAsync(["delete", "-f", Repository.PathOf("crds")], Cancelled);
    }

    static async Task ApplyCustomResourcesAsync(KubectlUser kubectl)
    {
        await kubectl.RunAsync(["apply", "--server-side", "-f", Repository.PathOf("crds")], Cancelled);
        await kubectl.WaitForKindsAsync(["-f", Repository.PathOf("crds")], Cancelled);
    }

    // A dry run keeps nothing, so a namespace of the same sample would not be there for what is in it.
    static async Task MakeNamespacesAsync(KubectlUser kubectl, string manifests)
    {
        foreach (var name in Yaml.Documents(manifests).Select(o => (string?)o["metadata"]!["namespace"]).OfType<string>().Distinct())
            await kubectl.ApplyAsync($"{{ apiVersion: v1, kind: Namespace, metadata: {{ name: {name} }} }}", Cancelled);
    }
}
