using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes.Control;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Kubernetes.Tests.Contract;

public abstract partial class ClusterContract
{
    [Fact]
    public async Task SaveCreatesOnce()
    {
        var cluster = await ClusterAsync();
        var lease = LeaseOf(Some.Key());

        var saved = await cluster.SaveAsync(lease, Cancel);
        var refused = await Assert.ThrowsAsync<KubernetesException>(() => cluster.SaveAsync(lease, Cancel));

        Assert.True(refused.IsConflict);
        Assert.Equal(lease.Spec, saved.Spec);
        Assert.Equal(lease.Spec, (await cluster.GetAsync<V1Lease>(lease.Key, Cancel))!.Spec);
    }

    [Fact]
    public async Task SaveOfAnOldVersionIsAConflict()
    {
        var cluster = await ClusterAsync();
        var first = await cluster.SaveAsync(LeaseOf(Some.Key()), Cancel);

        var second = await cluster.SaveAsync(first with { Spec = first.Spec with { HolderIdentity = "second" } }, Cancel);
        var refused = await Assert.ThrowsAsync<KubernetesException>(
            () => cluster.SaveAsync(first with { Spec = first.Spec with { HolderIdentity = "third" } }, Cancel));

        Assert.True(refused.IsConflict);
        Assert.Equal("second", (await cluster.GetAsync<V1Lease>(first.Key, Cancel))!.Spec.HolderIdentity);
        Assert.NotEqual(first.Metadata.ResourceVersion, second.Metadata.ResourceVersion);
    }

    [Fact]
    public async Task SaveOfWhatIsGoneIsRefused()
    {
        var cluster = await ClusterAsync();
        var saved = await cluster.SaveAsync(LeaseOf(Some.Key()), Cancel);
        await cluster.DeleteAsync(ResourceType.Of<V1Lease>(), saved.Key, Cancel);

        var refused = await Assert.ThrowsAsync<KubernetesException>(
            () => cluster.SaveAsync(saved with { Spec = saved.Spec with { HolderIdentity = "late" } }, Cancel));

        Assert.True(refused.IsNotFound || refused.IsConflict);
    }

    [Fact]
    public async Task SaveKeepsFieldsItDoesNotModel()
    {
        var cluster = await ClusterAsync();
        var key = Some.Key();
        await cluster.ApplyAsync(Some.ConfigMapOf(key, ("a", "1")), Cancel);
        var partial = await cluster.GetAsync<PartialResource>(ResourceType.Of<V1ConfigMap>(), key, Cancel);

        await cluster.SaveAsync(
            ResourceType.Of<V1ConfigMap>(),
            partial! with { Metadata = partial.Metadata with { Labels = new Dictionary<string, string> { ["b"] = "2" } } }, Cancel);

        var read = await cluster.GetAsync<V1ConfigMap>(key, Cancel);
        Assert.Equal(("1", "2"), (read!.Data!["a"], read.Metadata.Labels!["b"]));
    }

    [Fact]
    public async Task DeleteTwiceIsNoError()
    {
        var cluster = await ClusterAsync();
        var key = Some.Key();
        await cluster.ApplyAsync(Some.ConfigMapOf(key), Cancel);

        await cluster.DeleteAsync(ResourceType.Of<V1ConfigMap>(), key, Cancel);
        await cluster.DeleteAsync(ResourceType.Of<V1ConfigMap>(), key, Cancel);

        Assert.Null(await cluster.GetAsync<V1ConfigMap>(key, Cancel));
    }

    [Fact]
    public async Task DeleteSparesAnotherOfTheSameName()
    {
        var cluster = await ClusterAsync();
        var key = Some.Key();
        var applied = await cluster.ApplyAsync(Some.ConfigMapOf(key), Cancel);

        var refused = await Assert.ThrowsAsync<KubernetesException>(
            () => cluster.DeleteAsync(ResourceType.Of<V1ConfigMap>(), key, "00000000-0000-0000-0000-000000000000", Cancel));
        Assert.True(refused.IsConflict);
        Assert.NotNull(await cluster.GetAsync<V1ConfigMap>(key, Cancel));

        await cluster.DeleteAsync(ResourceType.Of<V1ConfigMap>(), key, applied.Uid, Cancel);
        Assert.Null(await cluster.GetAsync<V1ConfigMap>(key, Cancel));
    }

    [Fact]
    public async Task AFinalizerHoldsADeletedObject()
    {
        var cluster = await WidgetsAsync();
        var key = Some.Key();
        var held = Some.WidgetOf(key, 1);
        held.Json["metadata"]!["finalizers"] = new JsonArray("test.clustertrail.io/held");
        await cluster.ApplyAsync(held, Cancel);

        await cluster.DeleteAsync(ResourceType.Of<Widget>(), key, Cancel);
        var waiting = await cluster.GetAsync<Widget>(key, Cancel);
        await cluster.ApplyAsync(Some.WidgetOf(key, 1), Cancel);

        Assert.NotNull(waiting!.Metadata.DeletionTimestamp);
        Assert.Null(await cluster.GetAsync<Widget>(key, Cancel));
    }

    [Fact]
    public async Task WhatIsOwnedGoesWhenItsLastOwnerHasGone()
    {
        var cluster = await ClusterAsync();
        var owners = (One: Some.Key("owner"), Other: Some.Key("owner"));
        var (one, other) = (
            await cluster.ApplyAsync(Some.ConfigMapOf(owners.One), Cancel),
            await cluster.ApplyAsync(Some.ConfigMapOf(owners.Other), Cancel));
        var (ofOne, ofBoth) = (Some.Key("owned"), Some.Key("owned"));
        await cluster.ApplyAsync(Owned(ofOne, one), Cancel);
        await cluster.ApplyAsync(Owned(ofBoth, one, other), Cancel);

        await cluster.DeleteAsync(ResourceType.Of<V1ConfigMap>(), owners.One, Cancel);
        await GoneAsync(ofOne);
        Assert.NotNull(await cluster.GetAsync<V1ConfigMap>(ofBoth, Cancel));
        await cluster.DeleteAsync(ResourceType.Of<V1ConfigMap>(), owners.Other, Cancel);
        await GoneAsync(ofBoth);

        // A server's garbage collector takes its time.
        async Task GoneAsync(ObjectKey key)
        {
            using var patience = new CancellationTokenSource(Some.Timeout);
            while (await cluster.GetAsync<V1ConfigMap>(key, patience.Token) is not null)
                await Task.Delay(50, patience.Token);
        }

        static JsonResource Owned(ObjectKey key, params V1ObjectMeta[] owners)
        {
            var owned = Some.ConfigMapOf(key);
            owned.Json["metadata"]!["ownerReferences"] = new JsonArray([.. owners.Select(owner => new JsonObject
            {
                ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["name"] = owner.Name, ["uid"] = owner.Uid,
            })]);
            return owned;
        }
    }

    [Fact]
    public async Task SecretsAreBytes()
    {
        var cluster = await ClusterAsync();
        var key = Some.Key();
        await cluster.ApplyAsync(
            new(ResourceType.Of<V1Secret>(), new() { ["metadata"] = Some.MetadataOf(key), ["data"] = new JsonObject { ["a"] = "AAH/" } }),
            Cancel);

        var read = await cluster.GetAsync<V1Secret>(key, Cancel);

        Assert.Equal([0, 1, 255], read!.Data!["a"]);
        Assert.DoesNotContain("AAH", read.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EventsAreSaved()
    {
        var cluster = await ClusterAsync();
        var key = Some.Key();
        var happened = new Eventsv1Event
        {
            Metadata = new() { NamespaceProperty = key.Namespace, Name = key.Name },
            EventTime = new DateTime(2026, 11, 22, 5, 36, 0, DateTimeKind.Utc).AddMicroseconds(120),
            Type = "Normal",
            Reason = "Applied",
            Action = "Apply",
            Note = "All is well.",
            ReportingController = "clustertrail.io/operator",
            ReportingInstance = "operator-1",
            Regarding = new() { ApiVersion = "v1", Kind = "ConfigMap", Name = "some", NamespaceProperty = "default" },
        };

        await cluster.SaveAsync(happened, Cancel);

        var read = await cluster.GetAsync<Eventsv1Event>(key, Cancel);
        Assert.Equal((happened.EventTime, happened.Note), (read!.EventTime, read.Note));
    }

    [Fact]
    public async Task ALeaseIsHeldAndReleased()
    {
        var cluster = await ClusterAsync();
        var key = Some.Key();
        var log = NullLogger<LeaderLease>.Instance;
        var holders = new List<string?>();

        foreach (var identity in (string[])["one", "two"])
        {
            var lease = new LeaderLease(cluster, key, identity, TimeProvider.System, log);
            await lease.RunAsync(async cancel => holders.Add((await cluster.GetAsync<V1Lease>(key, cancel))!.Spec.HolderIdentity), Cancel)
                .WaitAsync(Some.Timeout, Cancel);
        }

        var released = (await cluster.GetAsync<V1Lease>(key, Cancel))!.Spec;
        Assert.Equal(["one", "two"], holders);
        Assert.Equal(("", 2), (released.HolderIdentity ?? "", released.LeaseTransitions));
    }

    static V1Lease LeaseOf(ObjectKey key) => new()
    {
        Metadata = new() { NamespaceProperty = key.Namespace, Name = key.Name },
        // Half a second, then 100 µs: either loses a digit where trailing zeros are cut.
        Spec = new()
        {
            HolderIdentity = "first",
            LeaseDurationSeconds = 15,
            AcquireTime = new DateTime(2026, 11, 22, 5, 36, 0, 500, DateTimeKind.Utc),
            RenewTime = new DateTime(2026, 11, 22, 5, 36, 0, DateTimeKind.Utc).AddMicroseconds(100),
            LeaseTransitions = 3,
        },
    };
}
