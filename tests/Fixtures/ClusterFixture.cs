using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.Fixtures;

/// <summary>The cluster of an assembly's tests: our own API server, or the one of <c>CLUSTERTRAIL_TEST_KUBECONFIG</c>.</summary>
public sealed class ClusterFixture : ServerFixture<TestCluster>
{
    /// <summary>Names the kubeconfig file of another cluster, whose current context may do anything there.</summary>
    public const string OtherCluster = "CLUSTERTRAIL_TEST_KUBECONFIG";

    /// <summary>Tests that freeze, kill or compact the server run one after the other.</summary>
    public const string Collection = "Kubernetes API server";

    /// <summary>Our own API server; where the tests were given another cluster, the test is skipped.</summary>
    public async Task<ClusterServer> OwnServerAsync()
    {
        var cluster = await StartedAsync();
        if (cluster.Server is null)
            Assert.Skip($"{OtherCluster} names another cluster, whose API server's process and files are out of this test's reach.");
        return cluster.Server;
    }

    protected override Task<TestCluster> StartAsync(CancellationToken cancellationToken) =>
        Environment.GetEnvironmentVariable(OtherCluster) is { Length: > 0 } kubeconfig
            ? Task.FromResult(TestCluster.Other(kubeconfig))
            : TestCluster.StartOwnAsync(new(), cancellationToken);
}
