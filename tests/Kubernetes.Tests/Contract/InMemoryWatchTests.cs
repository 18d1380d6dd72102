using ClusterTrail.Testing;
using k8s.Models;

namespace ClusterTrail.Kubernetes.Tests.Contract;

public sealed class InMemoryWatchTests : WatchContract
{
    readonly InMemoryCluster cluster = new();

    [Fact]
    public async Task ABookmarkTellsHowFarTheWatchIs()
    {
        var cancel = TestContext.Current.CancellationToken;
        var list = await cluster.ListAsync<V1Secret>(new(), cancel);
        await using var events = cluster.WatchAsync<V1Secret>(new(), list.ResourceVersion, cancel).GetAsyncEnumerator(cancel);
        var next = events.NextAsync();
        var applied = await cluster.ApplyAsync(Some.ConfigMapOf(Some.Key()), cancel);

        cluster.Bookmark();

        Assert.Equal(new(WatchEventType.Bookmark, applied.ResourceVersion!), await next);
    }

    [Fact]
    public async Task APageThatWasForgottenIsGone()
    {
        var cancel = TestContext.Current.CancellationToken;
        await cluster.ApplyAsync(Some.ConfigMapOf(Some.Key()), cancel);
        await cluster.ApplyAsync(Some.ConfigMapOf(Some.Key()), cancel);
        var page = await cluster.ListAsync<V1ConfigMap>(new(Limit: 1), cancel);

        cluster.Compact();

        var refused = await Assert.ThrowsAsync<KubernetesException>(() =>
            cluster.ListAsync<V1ConfigMap>(new(Limit: 1, Continue: page.Continue), cancel));
        Assert.True(refused.IsGone);
    }

    [Fact]
    public async Task AVersionTooOldIsGone()
    {
        var cancel = TestContext.Current.CancellationToken;
        await cluster.ApplyAsync(Some.ConfigMapOf(Some.Key()), cancel);
        cluster.Compact();

        await using var events = cluster.WatchAsync<V1ConfigMap>(new("default"), "1", cancel).GetAsyncEnumerator(cancel);
        var refused = await Assert.ThrowsAsync<KubernetesException>(async () => await events.NextAsync());

        Assert.True(refused.IsGone);
    }

    protected override Task<ICluster> ClusterAsync() => Task.FromResult<ICluster>(cluster);
}
