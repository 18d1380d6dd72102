using ClusterTrail.Testing;

namespace ClusterTrail.Kubernetes.Tests.Contract;

public sealed class InMemoryClusterTests : ClusterContract
{
    readonly InMemoryCluster cluster = new();

    protected override Task<ICluster> ClusterAsync(string fieldManager = "contract", bool force = true) =>
        Task.FromResult<ICluster>(cluster.As(fieldManager, force));
}
