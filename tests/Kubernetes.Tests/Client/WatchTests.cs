using ClusterTrail.Kubernetes.Client;
using k8s.Models;
using Microsoft.AspNetCore.Http;

namespace ClusterTrail.Kubernetes.Tests.Client;

public sealed class WatchTests
{
    const string First = """{"type":"ADDED","object":{"metadata":{"name":"a","namespace":"n","resourceVersion":"5"},"data":{"k":"v"}}}"""
        + "\n";
    const string Odd = """{"type":"MODIFIED","object":{"metadata":{"name":"odd","namespace":"n","resourceVersion":"6"},"data":[]}}"""
        + "\n";
    const string OddDeleted = """{"type":"DELETED","object":{"metadata":{"name":"odd","namespace":"n","resourceVersion":"7"},"data":[]}}"""
        + "\n";
    const string Bookmark = """{"type":"BOOKMARK","object":{"kind":"ConfigMap","metadata":{"resourceVersion":"9"}}}""" + "\n";
    const string Gone =
        """{"type":"ERROR","object":{"kind":"Status","status":"Failure","code":410,"reason":"Expired","message":"too old"}}""" + "\n";

    readonly RecordingLog<KubernetesCluster> log = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AsksForBookmarksAndATimeLimit()
    {
        await using var api = await ApiStub.StartAsync(Stream(First));

        await ReadAsync(api);

        var seen = Assert.Single(api.Requests);
        Assert.Matches(
            @"^/api/v1/namespaces/n/configmaps\?watch=true&allowWatchBookmarks=true&timeoutSeconds=(2[89]\d|300)&resourceVersion=4$",
            seen.Url);
    }

    [Fact]
    public async Task ABookmarkIsAVersion()
    {
        await using var api = await ApiStub.StartAsync(Stream(First + Bookmark));

        var events = await ReadAsync(api);

        Assert.Equal(
            [(WatchEventType.Applied, "5"), (WatchEventType.Bookmark, "9")], events.Select(one => (one.Type, one.ResourceVersion)));
    }

    [Fact]
    public async Task WhatCannotBeReadOnlyMovesTheWatchOn()
    {
        await using var api = await ApiStub.StartAsync(
            Stream(First + Odd + "no JSON\n" + OddDeleted + """{"type":"NEW","object":{"metadata":{"resourceVersion":"8"}}}""" + "\n"));
        using var counted = new CountedMetrics();

        var events = await ReadAsync(api, counted.Metrics);

        Assert.Equal(
            [(WatchEventType.Applied, "5", "a"), (WatchEventType.Bookmark, "6", null), (WatchEventType.Deleted, "7", "odd")],
            events.Select(one => (one.Type, one.ResourceVersion, (string?)one.Key.Name)));
        Assert.Equal(3, counted.Sum("clustertrail.operator.undecodable_objects", "kind=ConfigMap"));
        Assert.Equal(3, log.Lines.Count);
    }

    [Fact]
    public async Task AnErrorInTheStreamIsThrownAfterWhatCameBefore()
    {
        await using var api = await ApiStub.StartAsync(Stream(First + Gone));
        var seen = new List<WatchEvent<V1ConfigMap>>();

        var refused = await Assert.ThrowsAsync<KubernetesException>(() => ReadAsync(api, into: seen));

        Assert.True(refused.IsGone);
        Assert.Single(seen);
    }

    [Fact]
    public async Task AVersionTooOldMayBeRefusedAtOnce()
    {
        await using var api = await ApiStub.StartAsync(ApiStub.Refuse(410, "Expired"));

        var refused = await Assert.ThrowsAsync<KubernetesException>(() => ReadAsync(api));

        Assert.True(refused.IsGone);
    }

    [Fact]
    public async Task AnEndWithinALineEndsTheWatchBeforeIt()
    {
        await using var api = await ApiStub.StartAsync(Stream(First + Odd[..40]));

        Assert.Single(await ReadAsync(api));
        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task ACutWithinALineLosesNothingBeforeIt()
    {
        var read = new TaskCompletionSource();
        await using var api = await ApiStub.StartAsync(Stream(First + Odd[..40], cutAfter: read.Task));
        await using var events = api.Client(log).WatchAsync<V1ConfigMap>(new("n"), "4", Cancel).GetAsyncEnumerator(Cancel);

        var seen = await events.NextAsync();
        read.SetResult();

        Assert.Equal("a", seen.Key.Name);
        await Assert.ThrowsAnyAsync<IOException>(() => events.NextAsync());
    }

    [Fact]
    public async Task ALineMayComeInPieces()
    {
        await using var api = await ApiStub.StartAsync(async context =>
        {
            foreach (var piece in First.Chunk(7))
            {
                await context.Response.WriteAsync(new string(piece));
                await context.Response.Body.FlushAsync();
            }
        });

        Assert.Equal("v", Assert.Single(await ReadAsync(api)).Object!.Data!["k"]);
    }

    async Task<List<WatchEvent<V1ConfigMap>>> ReadAsync(
        ApiStub api, KubernetesMetrics? metrics = null, List<WatchEvent<V1ConfigMap>>? into = null)
    {
        into ??= [];
        await foreach (var seen in api.Client(log, metrics).WatchAsync<V1ConfigMap>(new("n"), "4", Cancel))
            into.Add(seen);
        return into;
    }

    static RequestDelegate Stream(string lines, Task? cutAfter = null) => async context =>
    {
        await context.Response.WriteAsync(lines);
        await context.Response.Body.FlushAsync();
        if (cutAfter is not null)
        {
            await cutAfter;
            context.Abort();
        }
    };
}
