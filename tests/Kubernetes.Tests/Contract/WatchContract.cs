using System.Threading.Channels;
using ClusterTrail.Kubernetes.Control;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Kubernetes.Tests.Contract;

/// <summary>What every <see cref="ICluster"/> does when it lists and watches.</summary>
public abstract class WatchContract
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A client of the cluster.</summary>
    protected abstract Task<ICluster> ClusterAsync();

    [Fact]
    public async Task PagesTogetherAreTheList()
    {
        var cluster = await ClusterAsync();
        var group = await ApplyGroupAsync(cluster, 5);
        var query = new ListQuery("default", LabelSelector: $"group={group}", Limit: 2);

        var sizes = new List<int>();
        var names = new List<string>();
        for (var page = await cluster.ListAsync<V1ConfigMap>(query, Cancel); ; page = await cluster.ListAsync<V1ConfigMap>(query with { Continue = page.Continue }, Cancel))
        {
            sizes.Add(page.Items.Count);
            names.AddRange(page.Items.Select(item => item.Metadata.Name));
            // Pages show the cluster as it was at the first.
            await cluster.ApplyAsync(Some.ConfigMapOf(new("default", $"{group}-9")).Labelled("group", group), Cancel);
            if (page.Continue is null)
                break;
        }

        Assert.Equal([2, 2, 1], sizes);
        Assert.Equal(Enumerable.Range(0, 5).Select(index => $"{group}-{index}"), names);
    }

    [Fact]
    public async Task ListAllReadsAllPages()
    {
        var cluster = await ClusterAsync();
        var group = await ApplyGroupAsync(cluster, 5);

        var all = await cluster.ListAllAsync<PartialResource>(ResourceType.Of<V1ConfigMap>(), new(LabelSelector: $"group={group}", Limit: 2), Cancel);

        Assert.Equal(5, all.Items.Count);
        Assert.Null(all.Continue);
    }

    [Theory]
    [InlineData("group={0},odd=yes", 2)]
    [InlineData("group={0},odd!=yes", 2)]
    [InlineData("group={0},odd", 2)]
    [InlineData("group={0},!odd", 2)]
    [InlineData("group in ({0},no-such)", 4)]
    [InlineData("group={0},odd notin (yes,no)", 2)]
    [InlineData("group={0},odd==no", 0)]
    public async Task LabelsSelect(string selector, int expected)
    {
        var cluster = await ClusterAsync();
        var group = await ApplyGroupAsync(cluster, 4, odd: true);

        var list = await cluster.ListAsync<V1ConfigMap>(new("default", string.Format(null, selector, group)), Cancel);

        Assert.Equal(expected, list.Items.Count);
    }

    [Fact]
    public async Task ANameSelects()
    {
        var cluster = await ClusterAsync();
        var group = await ApplyGroupAsync(cluster, 2);

        var list = await cluster.ListAsync<V1ConfigMap>(new("default", FieldSelector: $"metadata.name={group}-1"), Cancel);

        Assert.Equal($"{group}-1", Assert.Single(list.Items).Metadata.Name);
    }

    [Fact]
    public async Task AWatchTellsAllThatFollowsAList()
    {
        var cluster = await ClusterAsync();
        var key = Some.Key();
        var query = new ListQuery("default", FieldSelector: $"metadata.name={key.Name}");
        var list = await cluster.ListAsync<V1ConfigMap>(query, Cancel);
        await cluster.ApplyAsync(Some.ConfigMapOf(key, ("a", "1")), Cancel);

        await using var events = cluster.WatchAsync<V1ConfigMap>(query, list.ResourceVersion, Cancel).GetAsyncEnumerator(Cancel);
        var created = await NextAsync(events);
        var changed = await cluster.ApplyAsync(Some.ConfigMapOf(key, ("a", "2")), Cancel);
        var updated = await NextAsync(events);
        await cluster.DeleteAsync(ResourceType.Of<V1ConfigMap>(), key, Cancel);
        var deleted = await NextAsync(events);

        Assert.Equal((WatchEventType.Applied, "1"), (created.Type, created.Object!.Data!["a"]));
        Assert.Equal((WatchEventType.Applied, "2"), (updated.Type, updated.Object!.Data!["a"]));
        Assert.Equal(changed.ResourceVersion, updated.ResourceVersion);
        Assert.Equal((WatchEventType.Deleted, key), (deleted.Type, deleted.Key));
        Assert.NotEqual(updated.ResourceVersion, deleted.ResourceVersion);
    }

    [Fact]
    public async Task AWatchGoesOnWhereOneEnded()
    {
        var cluster = await ClusterAsync();
        var key = Some.Key();
        var query = new ListQuery("default", FieldSelector: $"metadata.name={key.Name}");
        var first = await cluster.ApplyAsync(Some.ConfigMapOf(key, ("a", "1")), Cancel);
        await cluster.ApplyAsync(Some.ConfigMapOf(key, ("a", "2")), Cancel);

        await using var events = cluster.WatchAsync<V1ConfigMap>(query, first.ResourceVersion!, Cancel).GetAsyncEnumerator(Cancel);

        Assert.Equal("2", (await NextAsync(events)).Object!.Data!["a"]);
    }

    [Fact]
    public async Task WhatIsNoLongerSelectedIsDeleted()
    {
        var cluster = await ClusterAsync();
        var key = Some.Key();
        var created = await cluster.ApplyAsync(Some.ConfigMapOf(key).Labelled("group", key.Name), Cancel);

        await using var events = cluster.WatchAsync<V1ConfigMap>(new("default", $"group={key.Name}"), created.ResourceVersion!, Cancel).GetAsyncEnumerator(Cancel);
        await cluster.ApplyAsync(Some.ConfigMapOf(key).Labelled("group", "other"), Cancel);

        var left = await NextAsync(events);
        Assert.Equal((WatchEventType.Deleted, key), (left.Type, left.Key));
    }

    [Fact]
    public async Task AWatchEndsWhenCancelled()
    {
        var cluster = await ClusterAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var list = await cluster.ListAsync<V1ConfigMap>(new("default", FieldSelector: "metadata.name=none"), Cancel);
        await using var events = cluster.WatchAsync<V1ConfigMap>(new("default", FieldSelector: "metadata.name=none"), list.ResourceVersion, stop.Token).GetAsyncEnumerator(Cancel);

        var next = NextAsync(events);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task AnInformerKeepsUp()
    {
        var cluster = await ClusterAsync();
        var group = await ApplyGroupAsync(cluster, 3);
        var changes = Channel.CreateUnbounded<Change<V1ConfigMap>>();
        var informer = new Informer<V1ConfigMap>(
            cluster, ResourceType.Of<V1ConfigMap>(), new("default", $"group={group}", Limit: 2),
            Some.Metrics(), TimeProvider.System, NullLogger<Informer<V1ConfigMap>>.Instance);
        informer.OnChange(change => changes.Writer.TryWrite(change));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var running = informer.RunAsync(stop.Token);
        await informer.Ready.WaitAsync(Some.Timeout, Cancel);
        Assert.Equal(3, informer.Objects.Count());

        await cluster.DeleteAsync(ResourceType.Of<V1ConfigMap>(), new("default", $"{group}-1"), Cancel);
        while (await changes.Reader.NextAsync() is not { After: null })
        {
        }

        Assert.Equal([$"{group}-0", $"{group}-2"], informer.Objects.Select(item => item.Metadata.Name).Order());
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    static async Task<WatchEvent<T>> NextAsync<T>(IAsyncEnumerator<WatchEvent<T>> events) where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var next = await events.NextAsync();
        // A server may tell how far it is at any time.
        return next.Type == WatchEventType.Bookmark ? await NextAsync(events) : next;
    }

    static async Task<string> ApplyGroupAsync(ICluster cluster, int size, bool odd = false)
    {
        var group = Some.Key().Name;
        for (var index = 0; index < size; index++)
        {
            var member = Some.ConfigMapOf(new("default", $"{group}-{index}")).Labelled("group", group);
            if (odd && index % 2 == 1)
                member.Json["metadata"]!["labels"]!["odd"] = "yes";
            await cluster.ApplyAsync(member, Cancel);
        }

        return group;
    }
}
