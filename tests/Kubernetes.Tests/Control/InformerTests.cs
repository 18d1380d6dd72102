using System.Text.Json.Nodes;
using System.Threading.Channels;
using ClusterTrail.Kubernetes.Control;
using ClusterTrail.Kubernetes.Tests.Client;
using ClusterTrail.Testing;
using k8s.Models;

namespace ClusterTrail.Kubernetes.Tests.Control;

public sealed class InformerTests : IAsyncDisposable
{
    static readonly ObjectKey A = new("default", "a");
    static readonly ObjectKey B = new("default", "b");

    readonly SteppedTime time = new();
    readonly InMemoryCluster cluster = new();
    readonly InMemoryCluster watched;
    readonly CancellationTokenSource stop = new();
    readonly CountedMetrics counted = new();
    readonly RecordingLog<Informer<V1ConfigMap>> log = new();
    readonly Channel<Change<V1ConfigMap>> changes = Channel.CreateUnbounded<Change<V1ConfigMap>>();
    readonly Informer<V1ConfigMap> informer;
    Task running = Task.CompletedTask;

    public InformerTests()
    {
        watched = cluster.As("informer");
        informer = new(watched, ResourceType.Of<V1ConfigMap>(), new(Limit: 1), counted.Metrics, time, log);
        informer.OnChange(change => changes.Writer.TryWrite(change));
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ItTellsWhatIsThereAndWhatChanges()
    {
        await ApplyAsync(A, "1");
        await ApplyAsync(B, "1");
        await StartAsync();
        Assert.Equal([(null, "1"), (null, "1")], [await NextAsync(), await NextAsync()]);

        await ApplyAsync(A, "2");
        Assert.Equal(("1", "2"), await NextAsync());
        await cluster.DeleteAsync(ResourceType.Of<V1ConfigMap>(), A, Cancel);
        Assert.Equal(("2", null), await NextAsync());

        Assert.Null(informer.Find(A));
        Assert.Equal(B, Assert.Single(informer.Objects).Key);
    }

    [Fact]
    public async Task AWatchThatEndedGoesOn()
    {
        await ApplyAsync(A, "1");
        await StartAsync();
        await NextAsync();

        cluster.EndWatches();
        await ApplyAsync(A, "2");

        Assert.Equal(("1", "2"), await AfterPauseAsync());
        Assert.Equal(1, counted.Sum("clustertrail.operator.watch.restarts", "kind=ConfigMap,reason=Ended"));
    }

    [Fact]
    public async Task WhatWentWhileItWasAwayIsTold()
    {
        await ApplyAsync(A, "1");
        await StartAsync();
        await NextAsync();
        watched.Fault = _ => new HttpRequestException("Away.");
        cluster.EndWatches();
        await cluster.DeleteAsync(ResourceType.Of<V1ConfigMap>(), A, Cancel);
        await ApplyAsync(B, "1");
        cluster.Compact();

        watched.Fault = null;

        Assert.Equal((null, "1"), await AfterPauseAsync());
        Assert.Equal(("1", null), await AfterPauseAsync());
        Assert.Equal(1, counted.Sum("clustertrail.operator.watch.restarts", "reason=Gone"));
    }

    [Fact]
    public async Task AClusterThatIsAwayOnlyMakesItOlder()
    {
        await ApplyAsync(A, "1");
        await StartAsync();
        await NextAsync();
        var failing = new TaskCompletionSource();
        watched.Fault = _ =>
        {
            failing.TrySetResult();
            return new HttpRequestException("Away.");
        };

        cluster.EndWatches();
        await UntilAsync(failing.Task);

        Assert.NotNull(informer.Find(A));
        watched.Fault = null;
        await ApplyAsync(A, "2");
        Assert.Equal(("1", "2"), await AfterPauseAsync());
        Assert.Equal(
            ["Warning: Watching ConfigMap failed; retrying until it succeeds.", "Information: Watching ConfigMap again."], log.Lines);
    }

    [Fact]
    public async Task WhatCanNoLongerBeReadStaysAsItWas()
    {
        await ApplyAsync(A, "1");
        await StartAsync();
        await NextAsync();
        await cluster.ApplyAsync(
            new(ResourceType.Of<V1ConfigMap>(), new() { ["metadata"] = Some.MetadataOf(A), ["data"] = new JsonArray() }), Cancel);
        await ApplyAsync(B, "1");
        Assert.Equal((null, "1"), await NextAsync());
        Assert.Equal("1", Value(informer.Find(A)));

        cluster.EndWatches();
        cluster.Compact();
        await ApplyAsync(B, "2");
        cluster.Compact();
        await AfterPauseAsync();

        Assert.Equal("1", Value(informer.Find(A)));
        await cluster.DeleteAsync(ResourceType.Of<V1ConfigMap>(), A, Cancel);
        await UntilAsync(Task.Run(async () =>
        {
            while (await changes.Reader.ReadAsync(Cancel) is not { After: null })
            {
            }
        }, Cancel));
        Assert.Null(informer.Find(A));
    }

    [Fact]
    public async Task ItIsReadyWithTheFirstFullList()
    {
        await ApplyAsync(A, "1");
        await ApplyAsync(B, "1");
        watched.Fault = call => call.Verb == "list" ? new HttpRequestException("Away.") : null;
        running = informer.RunAsync(stop.Token);
        Assert.False(informer.Ready.IsCompleted);

        watched.Fault = null;
        await UntilAsync(informer.Ready);

        Assert.Equal(2, informer.Objects.Count());
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
        counted.Dispose();
    }

    Task<V1ObjectMeta> ApplyAsync(ObjectKey key, string value) => cluster.ApplyAsync(Some.ConfigMapOf(key, ("k", value)), Cancel);

    async Task StartAsync()
    {
        running = informer.RunAsync(stop.Token);
        await informer.Ready.WaitAsync(Some.Timeout);
    }

    static string? Value(V1ConfigMap? map) => map?.Data!["k"];

    async Task<(string? Before, string? After)> NextAsync()
    {
        var change = await changes.Reader.NextAsync();
        return (Value(change.Before), Value(change.After));
    }

    async Task<(string? Before, string? After)> AfterPauseAsync()
    {
        var next = NextAsync();
        await UntilAsync(next);
        return await next;
    }

    // How many pauses it makes is its own affair: time goes on until it has come that far.
    async Task UntilAsync(Task reached)
    {
        for (var steps = 0; !reached.IsCompleted && steps < 10_000; steps++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(reached, Task.Delay(1, Cancel));
        }

        await reached.WaitAsync(Some.Timeout);
    }
}
