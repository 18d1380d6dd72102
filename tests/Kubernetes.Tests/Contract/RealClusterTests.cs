using ClusterTrail.Fixtures;
using k8s.Models;

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

    [Fact]
    public async Task OfWhatOnlyTheMetadataIsReadNoMoreIsSent()
    {
        var cancel = TestContext.Current.CancellationToken;
        var cluster = await ClusterAsync();
        var (type, key) = (ResourceType.Of<V1ConfigMap>(), Some.Key());
        var query = new ListQuery(key.Namespace, FieldSelector: $"metadata.name={key.Name}");
        await cluster.ApplyAsync(Some.ConfigMapOf(key, ("key", new string('v', 10_000))), cancel);

        var page = await cluster.ListAsync<PartialResource>(type, query, cancel);
        var whole = await cluster.ListAsync<V1ConfigMap>(type, query, cancel);
        await cluster.ApplyAsync(Some.ConfigMapOf(key, ("key", "w")), cancel);
        PartialResource? changed = null;
        await foreach (var seen in cluster.WatchAsync<PartialResource>(type, query, page.ResourceVersion!, cancel))
        {
            changed = seen.Object;
            break;
        }

        Assert.Equal(key, Assert.Single(page.Items).Key);
        Assert.InRange(page.Bytes, 1, 5_000);
        Assert.InRange(whole.Bytes, 10_000, long.MaxValue);
        Assert.Equal(key, changed?.Key);
    }

    protected override Task<ICluster> ClusterAsync(string fieldManager = "contract", bool force = true) =>
        RealCluster.ConnectAsync(fixture, fieldManager, force);
}
