using ClusterTrail.Fixtures;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.Trails.Tests;

/// <summary>Our custom resources in the cluster that these tests share.</summary>
static class CustomResources
{
    static bool areApplied;

    /// <summary>The cluster, which serves them as they are in the tree.</summary>
    public static async Task<TestCluster> AppliedAsync(ClusterFixture fixture, CancellationToken cancellationToken)
    {
        var cluster = await fixture.StartedAsync();
        if (areApplied)
            return cluster;
        await cluster.Admin.RunAsync(["apply", "--server-side", "--force-conflicts", "-f", Repository.PathOf("crds")], cancellationToken);
        await cluster.Admin.WaitForKindsAsync(["-f", Repository.PathOf("crds")], cancellationToken);
        areApplied = true;
        return cluster;
    }

    /// <summary>Says that a test is about to change them: the next one that asks has them as they are in the tree again.</summary>
    public static void AboutToChange() => areApplied = false;
}
