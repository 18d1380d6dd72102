using ClusterTrail.Fixtures.K3s;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.Fixtures;

/// <summary>
/// The cluster of an assembly's tests: our own API server, the one of <c>CLUSTERTRAIL_TEST_KUBECONFIG</c>, or a k3s where
/// <c>CLUSTERTRAIL_TEST_CLUSTER</c> says so.
/// </summary>
public sealed class ClusterFixture : ServerFixture<TestCluster>
{
    /// <summary>Names the kubeconfig file of another cluster, whose current context may do anything there.</summary>
    public const string OtherCluster = "CLUSTERTRAIL_TEST_KUBECONFIG";

    /// <summary>Says what cluster to start: <c>k3s</c>, or nothing for our own API server.</summary>
    public const string Choice = "CLUSTERTRAIL_TEST_CLUSTER";

    /// <summary>Tests that freeze, kill or compact the server run one after the other.</summary>
    public const string Collection = "Kubernetes API server";

    /// <summary>The cluster that these variables ask for.</summary>
    public static async Task<TestCluster> StartAsync(
        string? choice, string? kubeconfig, DockerProgram docker, CancellationToken cancellationToken) =>
        (choice, kubeconfig) switch
        {
            (null or "", null or "") => await TestCluster.StartOwnAsync(new(), cancellationToken),
            (null or "", _) => TestCluster.Other(kubeconfig),
            (K3sCluster.Chosen, null or "") => await (await K3sCluster.StartAsync(docker, cancellationToken)).AsTestClusterAsync(),
            (K3sCluster.Chosen, _) => throw new InvalidOperationException($"{Choice} and {OtherCluster} are both set; set one of them."),
            _ => throw new InvalidOperationException($"{Choice} is '{choice}' but must be {K3sCluster.Chosen}, or not set."),
        };

    protected override Task<TestCluster> StartAsync(CancellationToken cancellationToken) => StartAsync(
        Environment.GetEnvironmentVariable(Choice), Environment.GetEnvironmentVariable(OtherCluster), new(), cancellationToken);
}
