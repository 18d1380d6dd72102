using ClusterTrail.Kubernetes.Control;
using ClusterTrail.Testing;

namespace ClusterTrail.Kubernetes.Tests.Control;

public sealed class WorkQueueTests : IDisposable
{
    readonly SteppedTime time = new();
    readonly WorkQueue<string> queue;

    public WorkQueueTests() => queue = new(time, new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)));

    [Fact]
    public async Task AKeyAddedManyTimesIsHandedOutOnce()
    {
        queue.Add("a");
        queue.Add("b");
        queue.Add("a");

        Assert.Equal(2, queue.Depth);
        Assert.Equal(["a", "b"], [await TakeAsync(), await TakeAsync()]);
        Assert.False(Take().IsCompleted);
    }

    [Fact]
    public async Task PartiesTakeTurnsHoweverManyKeysOneOfThemAdds()
    {
        using var shared = new WorkQueue<string>(time, new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)), key => key[..1]);
        foreach (var key in new[] { "a1", "a2", "a3", "b1", "a4", "c1", "b2" })
            shared.Add(key);

        var order = new List<string>();
        while (shared.Depth > 0)
            order.Add(await shared.TakeAsync(TestContext.Current.CancellationToken));

        Assert.Equal(["a1", "b1", "c1", "a2", "b2", "a3", "a4"], order);
    }

    [Fact]
    public async Task AKeyBeingWorkedOnWaitsForItsWorker()
    {
        queue.Add("a");
        await TakeAsync();

        queue.Add("a");
        var second = Take();
        Assert.False(second.IsCompleted);

        queue.Done("a");
        Assert.Equal("a", await second.WaitAsync(Some.Timeout));
    }

    [Fact]
    public async Task AKeyWantedAgainWhileItWaitsComesOnce()
    {
        queue.Add("a");
        await TakeAsync();
        queue.Add("a");
        queue.Done("a");

        queue.Add("a");

        Assert.Equal(1, queue.Depth);
    }

    [Fact]
    public async Task ADelayedKeyComesInItsTime()
    {
        queue.Add("late", TimeSpan.FromSeconds(10));
        queue.Add("soon", TimeSpan.FromSeconds(5));
        var next = Take();

        time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(next.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal("soon", await next.WaitAsync(Some.Timeout));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("late", await TakeAsync());
    }

    [Theory]
    [InlineData(5, 10)]
    [InlineData(10, 5)]
    public async Task OfTwoTimesTheFirstCountsAndOnlyThat(int first, int second)
    {
        queue.Add("a", TimeSpan.FromSeconds(first));
        queue.Add("a", TimeSpan.FromSeconds(second));

        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("a", await TakeAsync());
        queue.Done("a");
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(0, queue.Depth);
    }

    [Fact]
    public async Task AtOnceComesBeforeLater()
    {
        queue.Add("a", TimeSpan.FromSeconds(5));
        queue.Add("a");
        queue.Add("a", TimeSpan.FromSeconds(1));

        Assert.Equal("a", await TakeAsync());
        queue.Done("a");
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(0, queue.Depth);
    }

    [Fact]
    public async Task AKeyDueWhileBeingWorkedOnComesAfterwards()
    {
        queue.Add("a");
        await TakeAsync();
        queue.Add("a", TimeSpan.FromSeconds(1));

        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, queue.Depth);
        queue.Done("a");

        Assert.Equal("a", await TakeAsync());
    }

    [Fact]
    public void RetriesComeEverMoreSlowlyUntilForgotten()
    {
        var seconds = Enumerable.Range(0, 12).Select(_ => queue.Retry("a").TotalSeconds).ToList();

        Assert.InRange(seconds[0], 1, 1.25);
        Assert.InRange(seconds[3], 8, 10);
        Assert.InRange(seconds[^1], 300, 375);
        Assert.InRange(queue.Retry("b").TotalSeconds, 1, 1.25);
        queue.Forget("a");
        Assert.InRange(queue.Retry("a").TotalSeconds, 1, 1.25);
    }

    [Fact]
    public async Task ManyKeysAreNoBurden()
    {
        const int keys = 100_000;
        for (var key = 0; key < keys; key++)
            queue.Add($"{key}", TimeSpan.FromMilliseconds(key % 1000 + 1));
        time.Advance(TimeSpan.FromSeconds(1));

        var taken = new HashSet<string>();
        for (var key = 0; key < keys; key++)
        {
            var next = await TakeAsync();
            taken.Add(next);
            queue.Done(next);
        }

        Assert.Equal(keys, taken.Count);
        Assert.Equal(0, queue.Depth);
    }

    [Fact]
    public async Task TakingEndsWhenCancelled()
    {
        using var stop = new CancellationTokenSource();
        var take = queue.TakeAsync(stop.Token).AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => take);
    }

    public void Dispose() => queue.Dispose();

    Task<string> Take() => queue.TakeAsync(TestContext.Current.CancellationToken).AsTask();

    Task<string> TakeAsync() => Take().WaitAsync(Some.Timeout);
}
