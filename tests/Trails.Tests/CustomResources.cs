using ClusterTrail.Fixtures;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.Trails.Tests;

/// <summary>Our custom resources in the cluster that these tests share.</summary>
static class CustomResources
{
    /// <summary>The cluster, which serves them as they are in the tree, whatever a test made of them before.</summary>
    public static async Task<TestCluster> AppliedAsync(ClusterFixture fixture, CancellationToken cancellationToken)
    {
        var cluster = await fixture.StartedAsync();
        await cluster.Admin.RunAsync(["apply", "--server-side", "--force-conflicts", "-f", Repository.PathOf("crds")], cancellationToken);
        await cluster.Admin.WaitForKindsAsync(["-f", Repository.PathOf("crds")], cancellationToken);
        return cluster;
    }
}
