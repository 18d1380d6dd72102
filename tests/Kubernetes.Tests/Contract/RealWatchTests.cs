namespace ClusterTrail.Kubernetes.Tests.Contract;

[Trait("Requires", "Cluster")]
public sealed class RealWatchTests : WatchContract
{
    protected override Task<ICluster> ClusterAsync() => Task.FromResult(RealCluster.Connect());
}
