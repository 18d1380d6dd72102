using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Agent.Tests.Spool;
using ClusterTrail.Agent.Tests.Telemetry;
using ClusterTrail.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests.Sinks;

public sealed partial class UploaderTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly HurriedTime time = new();
    readonly InMemorySink sink = new();
    readonly LoggedMessages<Uploader> reported = new();
    readonly AgentMetrics metrics = new(new("0.1.0", "test"));
    readonly BatchSpool spool;

    public UploaderTests() => spool = new(folder.Path, 1 << 20, time);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        metrics.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task AllIsDeliveredInOrderAndForgotten()
    {
        var uploader = New(sink, 1, 2, 3, 4, 5);

        await DrainAsync(uploader);

        Assert.Equal(
            ["events/apiserver-1.ndjson.zst", "events/apiserver-2.ndjson.zst", "events/apiserver-3.ndjson.zst",
                "events/apiserver-4.ndjson.zst", "events/apiserver-5.ndjson.zst"],
            sink.Puts);
        Assert.Equal(SomeSpool.Content(3), sink.Objects["events/apiserver-3.ndjson.zst"]);
        Assert.Equal((5, 15), (uploader.Status.DeliveredBatches, uploader.Status.DeliveredEvents));
        Assert.Equal(0, spool.Level.Batches);
        Assert.Empty(Directory.EnumerateFiles(folder.Path));
    }

    [Fact]
    public async Task NoMoreThanTheAllowedNumberIsUnderWay()
    {
        var busy = new BusySink();

        await DrainAsync(New(busy, [.. Enumerable.Range(1, 20)]), concurrency: 3);

        Assert.Equal(3, busy.Most);
        Assert.Equal(20, busy.Puts);
    }

    [Fact]
    public async Task ItIsTriedAgainForAsLongAsItTakesEverMoreSlowlyAndNeverInStep()
    {
        for (var failure = 0; failure < 1500; failure++)
            sink.FailNext(new("SlowDown", "Later."));

        await DrainAsync(New(sink, 1, 2));

        Assert.Equal(2, sink.Puts.Count);
        Assert.Equal(1500, time.Delays.Count);
        Assert.All(time.Delays, delay => Assert.InRange(delay, TimeSpan.Zero, TimeSpan.FromSeconds(20)));
        Assert.InRange(time.Delays.Skip(50).Average(delay => delay.TotalSeconds), 8, 20);
        Assert.True(time.Delays.Take(8).Distinct().Count() > 4);
        Assert.Equal(1500, Counted("clustertrail_upload_errors", "SlowDown"));
    }

    [Fact]
    public async Task AnErrorStandsInTheStatusUntilADelivery()
    {
        var failing = new BusySink { Failure = new("AccessDenied", "The role may not put objects.") };
        var uploader = New(failing, 1);
        uploader.Complete();

        var running = uploader.RunAsync(1, Cancel);
        await WaitAsync(() => uploader.Status.LastError is { Attempts: > 3 });

        var error = uploader.Status.LastError!;
        Assert.Equal(("AccessDenied", "The role may not put objects."), (error.Code, error.Message));
        Assert.True(error.Since < error.At);
        failing.Failure = null;
        await running;
        Assert.Null(uploader.Status.LastError);
        Assert.Equal("events/apiserver-1.ndjson.zst", uploader.Status.LastDelivery!.Object);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ASpooledFileThatIsDamagedOrGoneIsCountedAndTheRestGoesOn(bool isThere)
    {
        var uploader = New(sink, 1, 2);
        var first = PathOfFirst();
        File.Delete(first);
        if (isThere)
            await File.WriteAllTextAsync(first, "damaged", Cancel);

        await DrainAsync(uploader);

        Assert.Equal(["events/apiserver-2.ndjson.zst"], sink.Puts);
        Assert.Equal(1, Counted("clustertrail_spool_quarantined", "apiserver"));
        Assert.Equal(0, spool.Level.Batches);
        Assert.Null(uploader.Status.LastError);
    }

    [Fact]
    public async Task ABatchThatCannotBeForgottenIsDeliveredAndCountedOnce()
    {
        var uploader = New(sink, 1);
        var path = PathOfFirst();
        var stuck = new StuckSink(sink, path);
        uploader = new(
            spool, stuck, new ArchiveMeter(metrics.DeclareSink("S3"), metrics.DeclareSource, metrics.Digests), time,
            NullLogger<Uploader>.Instance);
        uploader.Enqueue(spool.Open((_, _, reason) => Assert.Fail(reason)).Single());
        uploader.Complete();

        var running = uploader.RunAsync(1, Cancel);
        await WaitAsync(() => uploader.Status.LastError is { Attempts: > 3 });
        stuck.Release();
        await running;

        Assert.Single(sink.Puts);
        Assert.Equal(1, uploader.Status.DeliveredBatches);
        Assert.Null(uploader.Status.LastError);
    }

    // With one upload at a time, as a folder has: the first batch holds up nobody.
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task ABatchThatTheSinkRefusesStepsAsideAndIsShownAndTheRestFlows(int concurrency)
    {
        var picky = new PickySink(sink, refused: [1, 2, 5]);
        var uploader = New(picky, [.. Enumerable.Range(1, 12)]);
        var running = uploader.RunAsync(concurrency, Cancel);

        // What is delivered is counted, and then removed from the spool.
        await WaitAsync(() => uploader.Status is { DeliveredBatches: 9, AsideBatches: 3 } && spool.Level.Batches == 3);

        var status = uploader.Status;
        Assert.Null(status.LastError);
        Assert.Equal(("RequestEntityTooLarge", "It is too large."), (status.FirstAside!.Code, status.FirstAside.Message));
        Assert.EndsWith(".batch", status.FirstAside.Batch, StringComparison.Ordinal);
        Assert.Equal((3, TimeSpan.Zero), (spool.Level.Batches, spool.Level.OldestAge));
        Assert.Single(reported.Messages, message => message.StartsWith("Set aside", StringComparison.Ordinal));
        Assert.InRange(picky.Refusals, 6, 9);

        picky.Refused.Clear();
        uploader.Complete();
        await running.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        Assert.Equal((0, 12L), (uploader.Status.AsideBatches, uploader.Status.DeliveredBatches));
        Assert.Null(uploader.Status.FirstAside);
        Assert.Empty(Directory.EnumerateFiles(folder.Path));
    }

    [Fact]
    public async Task WhatIsStillRefusedAtTheEndStaysInTheSpoolAndKeepsNobodyWaiting()
    {
        var uploader = New(new PickySink(sink, refused: [1]), 1, 2, 3);
        var running = uploader.RunAsync(1, Cancel);
        await WaitAsync(() => uploader.Status is { DeliveredBatches: 2, AsideBatches: 1 });

        uploader.Complete();
        await running.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        Assert.Equal(3, uploader.Status.FirstAside!.Attempts);
        Assert.Single(new BatchSpool(folder.Path, 1 << 20, time).Open((_, _, reason) => Assert.Fail(reason)));
    }

    [Fact]
    public async Task CancelledItLeavesTheRestForTheNextStart()
    {
        var failing = new BusySink { Failure = new("Timeout", "No answer.") };
        var uploader = New(failing, 1, 2);
        using var stop = new CancellationTokenSource();
        var running = uploader.RunAsync(2, stop.Token);
        await WaitAsync(() => uploader.Status.LastError is not null);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(2, new BatchSpool(folder.Path, 1 << 20, time).Open((_, _, reason) => Assert.Fail(reason)).Count);
    }

    [Fact]
    public async Task APutThatFailsJustWhenAllIsCancelledIsNoErrorOfOurs()
    {
        using var stop = new CancellationTokenSource();
        var uploader = New(new LastMomentSink(stop), 1);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => uploader.RunAsync(1, stop.Token));
    }

    Uploader New(ISink to, params int[] sequences)
    {
        var meter = new ArchiveMeter(metrics.DeclareSink("S3"), metrics.DeclareSource, metrics.Digests);
        var uploader = new Uploader(spool, to, meter, time, reported);
        foreach (var sequence in sequences)
            uploader.Enqueue(spool.Add(sequence));

        return uploader;
    }

    string PathOfFirst() => Directory.EnumerateFiles(folder.Path).Order().First();

    static async Task DrainAsync(Uploader uploader, int concurrency = 1)
    {
        uploader.Complete();
        await uploader.RunAsync(concurrency, Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    static async Task WaitAsync(Func<bool> isSo)
    {
        for (var until = DateTime.UtcNow.AddSeconds(30); !isSo(); await Task.Delay(5, Cancel))
            Assert.True(DateTime.UtcNow < until, "It never came.");
    }

    double Counted(string metric, string label) => metrics.Collector.Counted(metric, label);
}
