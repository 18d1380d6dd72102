using ClusterTrail.Agent.Integrity;
using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Agent.Tests.Integrity;

/// <summary>Digests say what the operator said since the one before, and nothing else.</summary>
public sealed class CompletenessDigestTests : IDisposable
{
    readonly ChainWorld world = new();

    public void Dispose() => world.Dispose();

    [Fact]
    public void ADigestSaysWhatTheOperatorSaidLastAndTheNextOneOnlyWhatItSaidSince()
    {
        world.Runner.Turn();
        Say();
        Pass(60);
        Say();
        Assert.True(world.TrySeal("apiserver"));
        var last = world.Time.GetUtcNow();
        Pass(240);
        Pass(300);
        world.Deliver();

        var digests = world.Delivered();
        Assert.Equal([false, true, false], digests.Select(digest => digest.Completeness is not null));
        Assert.Equal(SignedTime.Cut(last.AddSeconds(-1)), digests[1].Completeness!.At);
        Assert.Equal((0, null, false, null), (
            digests[1].Completeness!.Counts!.Missing, digests[1].Completeness!.Counts!.FoundAt, digests[1].Completeness!.OfAll,
            digests[1].Completeness!.NotCompared));
        Assert.Empty(world.Archive().Problems);
    }

    /// <summary>Hours in which nothing happens have few digests, though the operator says each minute that nothing is missing.</summary>
    [Fact]
    public void ThatNothingIsMissingDoesNotEndTheSpacing()
    {
        world.Runner.Turn();
        for (var minute = 0; minute < 180; minute++)
        {
            Say();
            Pass(60);
        }

        world.Deliver();

        var digests = world.Delivered();
        Assert.Equal(
            [300, 600, 1200, 2400, 3600],
            digests.Zip(digests.Skip(1), (one, next) => (int)(next.Until - one.Until).TotalSeconds).Take(5));
        Assert.All(digests.Skip(1), digest => Assert.NotNull(digest.Completeness));
        Assert.Empty(world.Archive().Problems);
    }

    [Fact]
    public void ALossComesWithTheNextRegularDigestAndIsNewsOnce()
    {
        world.Runner.Turn();
        Pass(300);
        Pass(600);
        var before = world.ChainOfDigests.State!.Sequence;
        var found = world.Time.GetUtcNow().AddSeconds(60);
        Pass(60);
        Say(7, found);
        Pass(239);
        Assert.Equal(before, world.ChainOfDigests.State.Sequence);
        Pass(1);
        Assert.Equal(before + 1, world.ChainOfDigests.State.Sequence);

        // It is said again each minute, and is no news any more; that it is taken back is.
        for (var minute = 0; minute < 12; minute++)
        {
            Say(7, found);
            Pass(60);
        }

        Assert.Equal(before + 2, world.ChainOfDigests.State.Sequence);
        Say();
        Pass(1);
        world.Deliver();

        var told = world.Delivered().Skip((int)before).ToList();
        Assert.Equal([7, 7, 0], told.Select(digest => digest.Completeness!.Counts!.MissingAtLeast));
        Assert.Equal([300, 421], told.Zip(told.Skip(1), (one, next) => (int)(next.Until - one.Until).TotalSeconds));
        Assert.Empty(world.Archive().Problems);
    }

    [Fact]
    public void WhatACrashForgotTheOperatorSaysAgain()
    {
        world.Runner.Turn();
        Say(7, world.Time.GetUtcNow());
        world.Crash();
        world.Runner.Turn();
        Say(7, world.Time.GetUtcNow());
        Pass(300);
        world.Deliver();

        Assert.Equal([null, null, 7], world.Delivered().Select(digest => digest.Completeness?.Counts?.MissingAtLeast));
        Assert.Empty(world.Archive().Problems);
    }

    [Fact]
    public void ADigestThatIsNotOnDiskHasSaidNothing()
    {
        world.Runner.Turn();
        Say(7, world.Time.GetUtcNow());
        world.Time.Advance(TimeSpan.FromSeconds(300));
        world.DieAfter(1);
        world.Runner.Turn();
        Assert.NotNull(world.Runner.Status.Problem);

        Assert.NotNull(world.Word.Pending.Said);
    }

    [Fact]
    public void TheLastDigestSaysItTooAndThenThereIsSilence()
    {
        world.Runner.Turn();
        Say(7, world.Time.GetUtcNow());
        world.Recording = Recording.Off;
        world.Runner.Turn();
        Say(7, world.Time.GetUtcNow());
        Pass(7200);
        world.Deliver();

        Assert.Equal([null, 7], world.Delivered().Select(digest => digest.Completeness?.Counts?.MissingAtLeast));
    }

    void Say(long missing = 0, DateTimeOffset? found = null)
    {
        world.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(world.Word.Take(SomeWord.Of(world.Time.GetUtcNow(), missing, found)));
    }

    void Pass(int seconds)
    {
        world.Time.Advance(TimeSpan.FromSeconds(seconds));
        world.Runner.Turn();
    }
}
