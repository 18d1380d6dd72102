using System.Threading.Channels;
using ClusterTrail.Kubernetes.Control;
using ClusterTrail.Kubernetes.Tests.Client;
using ClusterTrail.Testing;

namespace ClusterTrail.Kubernetes.Tests.Control;

public sealed class ControllerTests : IDisposable
{
    static readonly ObjectKey A = new("n", "a");
    static readonly ObjectKey B = new("n", "b");

    readonly SteppedTime time = new();
    readonly CancellationTokenSource stop = new();
    readonly CountedMetrics counted = new();
    readonly RecordingLog<Controller> log = new();
    readonly Channel<ObjectKey> reconciled = Channel.CreateUnbounded<ObjectKey>();
    readonly WorkQueue<ObjectKey> queue;

    public ControllerTests() => queue = new(time, new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)));

    [Fact]
    public async Task AFailureIsTriedAgainAndStopsNothing()
    {
        var failures = 1;
        var running = Start(workers: 1, key => key == A && failures-- > 0 ? throw new InvalidOperationException("Oh.") : null);

        queue.Add(A);
        queue.Add(B);
        Assert.Equal([A, B], [await NextAsync(), await NextAsync()]);
        time.Advance(TimeSpan.FromSeconds(1.25));
        Assert.Equal(A, await NextAsync());
        await StopAsync(running);

        Assert.Equal(1, counted.Sum("clustertrail.operator.reconciles", "controller=test,result=Failed"));
        Assert.Equal(2, counted.Sum("clustertrail.operator.reconciles", "controller=test,result=Succeeded"));
        Assert.Equal(3, counted.Count("clustertrail.operator.reconcile.duration"));
        Assert.Contains("n/a", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACancellationOfItsOwnIsAFailureLikeAnother()
    {
        var running = Start(workers: 1, key => key == A ? throw new OperationCanceledException("A call took too long.") : null);

        queue.Add(A);
        queue.Add(B);

        Assert.Equal([A, B], [await NextAsync(), await NextAsync()]);
        await StopAsync(running);
    }

    [Fact]
    public async Task ItComesBackWhenAskedTo()
    {
        var running = Start(workers: 1, _ => TimeSpan.FromMinutes(10));
        queue.Add(A);
        await NextAsync();
        // Two workers would not do: the delay is asked for before the key is given back.
        queue.Add(B);
        await NextAsync();

        time.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(A, await NextAsync());
        await StopAsync(running);
    }

    [Fact]
    public async Task OneKeyHasOneWorkerAtATime()
    {
        var (at, most) = (0, 0);
        var total = 0;
        var controller = Build(async (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref at));
            await Task.Yield();
            Interlocked.Decrement(ref at);
            if (Interlocked.Increment(ref total) % 100 == 0)
                reconciled.Writer.TryWrite(A);
            queue.Add(A);
            return null;
        });
        var running = controller.RunAsync(4, stop.Token);

        queue.Add(A);
        await NextAsync();
        await StopAsync(running);

        Assert.Equal(1, most);
    }

    [Fact]
    public async Task WorkersWorkAtTheSameTime()
    {
        var both = new Barrier(2);
        var running = Build((key, cancel) =>
        {
            Assert.True(both.SignalAndWait(Some.Timeout, cancel));
            reconciled.Writer.TryWrite(key);
            return Task.FromResult<TimeSpan?>(null);
        });
        queue.Add(A);
        queue.Add(B);

        var work = Task.Run(() =>
            Task.WhenAll(Task.Run(() => running.RunAsync(1, stop.Token)), Task.Run(() => running.RunAsync(1, stop.Token))));

        await NextAsync();
        await NextAsync();
        await StopAsync(work);
    }

    [Fact]
    public async Task TheDepthIsShown()
    {
        queue.Add(A);
        queue.Add(B);
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Build((_, _) => throw new InvalidOperationException()).RunAsync(1, stopped.Token));

        counted.Observe();

        Assert.Equal(2, counted.Sum("clustertrail.operator.queue.depth", "controller=test"));
    }

    public void Dispose()
    {
        stop.Dispose();
        counted.Dispose();
        queue.Dispose();
    }

    Task Start(int workers, Func<ObjectKey, TimeSpan?> reconcile) => Build((key, _) =>
    {
        reconciled.Writer.TryWrite(key);
        return Task.FromResult(reconcile(key));
    }).RunAsync(workers, stop.Token);

    Controller Build(Func<ObjectKey, CancellationToken, Task<TimeSpan?>> reconcile) =>
        new("test", queue, reconcile, counted.Metrics, time, log);

    Task<ObjectKey> NextAsync() => reconciled.Reader.NextAsync();

    async Task StopAsync(Task running)
    {
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Some.Timeout));
    }
}
