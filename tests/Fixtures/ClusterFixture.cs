using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.Fixtures;

/// <summary>The cluster of an assembly's tests: our own API server, or the one of <c>CLUSTERTRAIL_TEST_KUBECONFIG</c>.</summary>
public sealed class ClusterFixture : ServerFixture<TestCluster>
{
    /// <summary>Names the kubeconfig file of another cluster, whose current context may do anything there.</summary>
    public const string OtherCluster = "CLUSTERTRAIL_TEST_KUBECONFIG";

    /// <summary>Tests that freeze, kill or compact the server run one after the other.</summary>
    public const string Collection = "Kubernetes API server";

    protected override Task<TestCluster> StartAsync(CancellationToken cancellationToken) =>
        Environment.GetEnvironmentVariable(OtherCluster) is { Length: > 0 } kubeconfig
            ? Task.FromResult(TestCluster.Other(kubeconfig))
            : TestCluster.StartOwnAsync(new(), cancellationToken);
}
