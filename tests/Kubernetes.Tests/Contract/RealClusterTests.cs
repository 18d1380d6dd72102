using ClusterTrail.Fixtures;

namespace ClusterTrail.Kubernetes.Tests.Contract;

[Requires(Requires.Cluster)]
public sealed class RealClusterTests(ClusterFixture fixture) : ClusterContract
{
    [Fact]
    public async Task WhatBreaksARuleOfItsKindIsInvalid()
    {
        var cluster = await WidgetsAsync();

        var refused = await Assert.ThrowsAsync<KubernetesException>(() =>
            cluster.ApplyAsync(Some.WidgetOf(Some.Key(), 0), TestContext.Current.CancellationToken));

        Assert.True(refused.IsInvalid);
        Assert.Contains("spec.size", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AKindThatTheServerDoesNotKnowIsNotFound()
    {
        var cluster = await ClusterAsync();
        var unknown = new ResourceType("unknown.clustertrail.io", "v1", "Unknown", "unknowns");

        var refused = await Assert.ThrowsAsync<KubernetesException>(() =>
            cluster.ListAsync<PartialResource>(unknown, new(), TestContext.Current.CancellationToken));

        Assert.True(refused.IsNotFound);
    }

    protected override Task<ICluster> ClusterAsync(string fieldManager = "contract", bool force = true) =>
        RealCluster.ConnectAsync(fixture, fieldManager, force);
}
