using System.Text.Json.Nodes;
using k8s.Models;

namespace ClusterTrail.Kubernetes.Tests.Contract;

/// <summary>What every <see cref="ICluster"/> does.</summary>
public abstract partial class ClusterContract
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A client that applies under a name of its own.</summary>
    protected abstract Task<ICluster> ClusterAsync(string fieldManager = "contract", bool force = true);

    [Fact]
    public async Task WhatIsNotThereIsNothing()
    {
        var cluster = await ClusterAsync();

        Assert.Null(await cluster.GetAsync<V1ConfigMap>(Some.Key(), Cancel));
    }

    [Fact]
    public async Task ApplyWithAUidMakesNoOtherObject()
    {
        var cluster = await ClusterAsync();
        var desired = Some.ConfigMapOf(Some.Key(), ("a", "1"));
        desired.Json["metadata"]!["uid"] = "7d3f0c52-8f0e-4c39-9d43-3a1b7a1f5c11";

        var refused = await Assert.ThrowsAsync<KubernetesException>(() => cluster.ApplyAsync(desired, Cancel));

        Assert.True(refused.IsConflict);
        Assert.Null(await cluster.GetAsync<V1ConfigMap>(desired.Key, Cancel));
    }

    [Fact]
    public async Task ApplyCreates()
    {
        var cluster = await ClusterAsync();
        var key = Some.Key();

        var applied = await cluster.ApplyAsync(Some.ConfigMapOf(key, ("a", "1")), Cancel);

        var read = await cluster.GetAsync<V1ConfigMap>(key, Cancel);
        Assert.NotNull(read);
        Assert.Equal(key, read.Key);
        Assert.Equal("1", read.Data!["a"]);
        Assert.Equal((applied.Uid, applied.ResourceVersion), (read.Metadata.Uid, read.Metadata.ResourceVersion));
        Assert.NotNull(read.Metadata.Uid);
        Assert.NotNull(read.Metadata.CreationTimestamp);
    }

    [Fact]
    public async Task ApplyingTheSameAgainChangesNothing()
    {
        var cluster = await ClusterAsync();
        var key = Some.Key();
        var first = await cluster.ApplyAsync(Some.ConfigMapOf(key, ("a", "1")), Cancel);

        var second = await cluster.ApplyAsync(Some.ConfigMapOf(key, ("a", "1")), Cancel);

        Assert.Equal(first.ResourceVersion, second.ResourceVersion);
    }

    [Fact]
    public async Task ApplyRemovesWhatIsNoLongerAppliedAndNothingElse()
    {
        var (cluster, other) = (await ClusterAsync(), await ClusterAsync("other"));
        var key = Some.Key();
        await cluster.ApplyAsync(Some.ConfigMapOf(key, ("mine", "1"), ("dropped", "1")), Cancel);
        await other.ApplyAsync(Some.ConfigMapOf(key, ("theirs", "1")), Cancel);

        await cluster.ApplyAsync(Some.ConfigMapOf(key, ("mine", "2")), Cancel);

        var read = await cluster.GetAsync<V1ConfigMap>(key, Cancel);
        Assert.Equal(["mine=2", "theirs=1"], read!.Data!.Select(entry => $"{entry.Key}={entry.Value}").Order());
    }

    [Fact]
    public async Task AFieldOfTwoOwnersStaysUntilBothHaveDroppedIt()
    {
        var (cluster, other) = (await ClusterAsync(), await ClusterAsync("other"));
        var key = Some.Key();
        await cluster.ApplyAsync(Some.ConfigMapOf(key, ("shared", "1"), ("a", "1")), Cancel);
        await other.ApplyAsync(Some.ConfigMapOf(key, ("shared", "1"), ("b", "1")), Cancel);

        await cluster.ApplyAsync(Some.ConfigMapOf(key, ("a", "1")), Cancel);
        Assert.Contains("shared", (await cluster.GetAsync<V1ConfigMap>(key, Cancel))!.Data!.Keys);

        await other.ApplyAsync(Some.ConfigMapOf(key, ("b", "1")), Cancel);
        Assert.DoesNotContain("shared", (await cluster.GetAsync<V1ConfigMap>(key, Cancel))!.Data!.Keys);
    }

    [Fact]
    public async Task AnothersFieldIsAConflictUnlessForced()
    {
        var (cluster, meek) = (await ClusterAsync(), await ClusterAsync("meek", force: false));
        var key = Some.Key();
        await cluster.ApplyAsync(Some.ConfigMapOf(key, ("a", "1")), Cancel);

        var refused = await Assert.ThrowsAsync<KubernetesException>(() => meek.ApplyAsync(Some.ConfigMapOf(key, ("a", "2")), Cancel));
        await (await ClusterAsync("bold")).ApplyAsync(Some.ConfigMapOf(key, ("a", "3")), Cancel);

        Assert.True(refused.IsConflict);
        Assert.Contains("contract", refused.Message, StringComparison.Ordinal);
        Assert.Equal("3", (await cluster.GetAsync<V1ConfigMap>(key, Cancel))!.Data!["a"]);
    }

    [Fact]
    public async Task WhoLostAFieldDoesNotRemoveIt()
    {
        var (cluster, bold) = (await ClusterAsync(), await ClusterAsync("bold"));
        var key = Some.Key();
        await cluster.ApplyAsync(Some.ConfigMapOf(key, ("a", "1"), ("b", "1")), Cancel);
        await bold.ApplyAsync(Some.ConfigMapOf(key, ("a", "2")), Cancel);

        await cluster.ApplyAsync(Some.ConfigMapOf(key, ("b", "1")), Cancel);

        Assert.Equal("2", (await cluster.GetAsync<V1ConfigMap>(key, Cancel))!.Data!["a"]);
    }

    [Fact]
    public async Task GenerationCountsChangesOfTheSpec()
    {
        var cluster = await WidgetsAsync();
        var key = Some.Key();

        var created = await cluster.ApplyAsync(Some.WidgetOf(key, 1), Cancel);
        var labelled = await cluster.ApplyAsync(Some.WidgetOf(key, 1).Labelled("a", "b"), Cancel);
        var changed = await cluster.ApplyAsync(Some.WidgetOf(key, 2).Labelled("a", "b"), Cancel);

        Assert.Equal([1, 1, 2], [created.Generation, labelled.Generation, changed.Generation]);
        Assert.NotEqual(created.ResourceVersion, labelled.ResourceVersion);
    }

    [Fact]
    public async Task StatusIsWrittenApart()
    {
        var cluster = await WidgetsAsync();
        var key = Some.Key();
        var created = await cluster.ApplyAsync(Status(Some.WidgetOf(key, 1), "Ignored"), Cancel);
        Assert.Null((await cluster.GetAsync<Widget>(key, Cancel))!.Status?.Phase);

        var reported = await cluster.ApplyStatusAsync(Status(Some.WidgetOf(key, 99), "Ready"), Cancel);
        await cluster.ApplyAsync(Some.WidgetOf(key, 1), Cancel);

        var read = await cluster.GetAsync<Widget>(key, Cancel);
        Assert.Equal((1, "Ready"), (read!.Spec!.Size, read.Status!.Phase));
        Assert.Equal(created.Generation, reported.Generation);
        Assert.NotEqual(created.ResourceVersion, reported.ResourceVersion);
    }

    [Fact]
    public async Task ATypedStatusCanBeApplied()
    {
        var cluster = await WidgetsAsync();
        var key = Some.Key();
        await cluster.ApplyAsync(Some.WidgetOf(key, 1), Cancel);
        var widget = new Widget { Metadata = new() { NamespaceProperty = key.Namespace, Name = key.Name }, Status = new("Ready", 1) };
        await cluster.ApplyStatusAsync(widget.ToJson(), Cancel);

        await cluster.ApplyStatusAsync((widget with { Status = new(ObservedSize: 2) }).ToJson(), Cancel);

        Assert.Equal(new WidgetStatus(Phase: null, 2), (await cluster.GetAsync<Widget>(key, Cancel))!.Status);
    }

    [Fact]
    public async Task WhatIsNotThereHasNoStatus()
    {
        var cluster = await WidgetsAsync();

        var refused = await Assert.ThrowsAsync<KubernetesException>(() =>
            cluster.ApplyStatusAsync(Status(Some.WidgetOf(Some.Key(), 1), "Ready"), Cancel));

        Assert.True(refused.IsNotFound);
    }

    static JsonResource Status(JsonResource resource, string phase)
    {
        resource.Json["status"] = new JsonObject { ["phase"] = phase };
        return resource;
    }

    protected async Task<ICluster> WidgetsAsync()
    {
        var cluster = await ClusterAsync();
        await cluster.ApplyAsync(Widget.CustomResourceDefinition, Cancel);
        using var patience = new CancellationTokenSource(Some.Timeout);
        while (await cluster.GetAsync<V1CustomResourceDefinition>(
            new(null, "widgets.test.clustertrail.io"), patience.Token) is not { } definition || !definition.IsEstablished)
        {
            await Task.Delay(50, patience.Token);
        }
        return cluster;
    }
}
