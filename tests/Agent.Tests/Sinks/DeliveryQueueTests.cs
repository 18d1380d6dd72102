using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sinks;

public sealed class DeliveryQueueTests
{
    readonly ManualTime time = new();
    readonly DeliveryQueue queue;

    public DeliveryQueueTests() => queue = new(time);

    [Fact]
    public void TheOldestComesFirstWheneverItWasAdded()
    {
        Add(3, 1, 2);

        Assert.Equal([1, 2, 3, 0], [Next(), Next(), Next(), Next()]);
    }

    [Fact]
    public void ABatchThatIsRefusedForItsFormWhileOthersAreTakenStepsAsideAtTheSecondTry()
    {
        Add(1, 2, 3);
        Fail(Next(), FailureScope.Batch);
        Deliver(Next());

        var refused = Next();
        var verdict = Fail(refused, FailureScope.Batch);

        Assert.Equal((1, true, true), (refused, verdict.IsAboutBatch, verdict.IsAside));
        Assert.Equal((1, 1L), (queue.Aside.Count, queue.Aside.First!.Sequence));
        Assert.Equal(2, queue.Aside.Failures!.Attempts);
        Assert.Equal([2, 0], [Next(), Next()]);
    }

    [Theory]
    [InlineData(FailureScope.Batch, 2)]
    [InlineData(FailureScope.Unclear, 4)]
    [InlineData(FailureScope.Sink, 11)]
    public void HowManyTriesItGetsDependsOnWhatTheFailureSays(object scope, int tries)
    {
        Add(1);
        for (var attempt = 1; ; attempt++)
        {
            Add(100 + attempt);
            Assert.Equal(1, Next());
            if (Fail(1, (FailureScope)scope).IsAside)
            {
                Assert.Equal(tries, attempt);
                return;
            }

            Deliver(Next());
        }
    }

    [Fact]
    public void NothingStepsAsideWhileTheSinkTakesNothing()
    {
        Add(1, 2, 3);

        for (var attempt = 0; attempt < 100; attempt++)
            Assert.False(Fail(Next(), FailureScope.Batch).IsAside);

        Assert.Equal(0, queue.Aside.Count);
    }

    // The newest may be what the sink takes: batch.maxBytes was lowered.
    [Fact]
    public void WhileTheSinkTakesNothingBothEndsAreTriedEachBatchOnceBeforeAnyIsTriedAgain()
    {
        Add(1, 2, 3, 4, 5);

        var tried = Enumerable.Range(0, 6).Select(_ =>
        {
            var next = Next();
            Fail(next, FailureScope.Batch);
            return next;
        });

        Assert.Equal([1, 5, 2, 4, 3, 1], tried);
    }

    [Fact]
    public void WhatIsAsideIsTriedEverMoreRarelyUpToHourly()
    {
        SetAside(1);
        var waited = new List<double>();
        for (var retry = 0; retry < 6; retry++)
        {
            var minutes = 0;
            while (Next() is 0)
            {
                time.Advance(TimeSpan.FromMinutes(1));
                minutes++;
            }

            waited.Add(minutes);
            Add(1000 + retry);
            Deliver(Next());
            Assert.True(Fail(1, FailureScope.Batch).IsAside);
        }

        Assert.Equal([1, 5, 15, 60, 60, 60], waited);
    }

    // An outage says nothing about it.
    [Fact]
    public void WhatIsAsideIsTriedNoMoreRarelyForAnOutage()
    {
        SetAside(1);
        for (var retry = 0; retry < 5; retry++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(1, Next());
            Fail(1, FailureScope.Sink);
            Assert.Equal(0, Next());
        }
    }

    [Fact]
    public void ManyThatAreDueAtOnceHoldUpNobody()
    {
        SetAside(1, 2, 3);
        time.Advance(TimeSpan.FromMinutes(2));
        Add(11, 12, 13);

        var first = Next();
        var others = new[] { Next(), Next(), Next() };

        Assert.InRange(first, 1, 3);
        Assert.Equal([11, 12, 13], others);
    }

    [Fact]
    public void WhatIsAsideAndThenTakenIsAsideNoMore()
    {
        SetAside(1);
        time.Advance(TimeSpan.FromMinutes(1));

        Deliver(Next());

        Assert.Equal(0, queue.Aside.Count);
    }

    [Fact]
    public void AtTheEndWhatIsAsideIsTriedOnceMoreAndKeepsNobodyWaiting()
    {
        SetAside(1, 2);
        Add(9);

        queue.Complete();

        var tried = new[] { Next(), Next(), Next() };
        Assert.Equal([1, 2, 9], tried);
        Deliver(9);
        Fail(1, FailureScope.Batch);
        Fail(2, FailureScope.Batch);
        Assert.True(queue.NextAsync(CancellationToken.None).IsCompletedSuccessfully);
        Assert.Equal(2, queue.Aside.Count);
    }

    [Fact]
    public async Task WhoWaitsIsWokenByTheNextBatchAndByTheEnd()
    {
        var first = queue.NextAsync(TestContext.Current.CancellationToken);
        Assert.False(first.IsCompleted);
        Add(1);
        Assert.Equal(1, (await first)!.Sequence);

        var second = queue.NextAsync(TestContext.Current.CancellationToken);
        queue.Complete();
        Assert.Null(await second);
    }

    readonly Dictionary<long, SpooledBatch> known = [];

    void Add(params int[] sequences)
    {
        foreach (var sequence in sequences)
            queue.Add(
                known[sequence] = new(
                    "/spool", "apiserver", sequence, DateTimeOffset.UnixEpoch.AddSeconds(sequence), 4096, IsNamedByTime: true));
    }

    // 0 when there is none now.
    int Next()
    {
        using var wait = new CancellationTokenSource();
        var next = queue.NextAsync(wait.Token);
        if (next.IsCompleted)
            return (int)next.Result!.Sequence;

        wait.Cancel();
        return 0;
    }

    void Deliver(int sequence)
    {
        queue.Delivered();
        queue.Done(known[sequence]);
    }

    FailureOutcome Fail(int sequence, FailureScope scope) => queue.Failed(known[sequence], "Code", scope);

    void SetAside(params int[] sequences)
    {
        foreach (var sequence in sequences)
        {
            Add(sequence, 500 + sequence);
            Assert.Equal(sequence, Next());
            Fail(sequence, FailureScope.Batch);
            Deliver(Next());
            Assert.Equal(sequence, Next());
            Assert.True(Fail(sequence, FailureScope.Batch).IsAside);
        }
    }
}
