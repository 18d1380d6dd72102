using ClusterTrail.Fixtures;

namespace ClusterTrail.Kubernetes.Tests.Contract;

[Requires(Requires.Cluster)]
public sealed class RealWatchTests(ClusterFixture fixture) : WatchContract
{
    protected override Task<ICluster> ClusterAsync() => RealCluster.ConnectAsync(fixture);
}
