using ClusterTrail.Agent.Execs;
using ClusterTrail.Contract.Execs;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Execs;

public class HandedExecsTests
{
    readonly ManualTime time = new();
    readonly HandedExecs handed;

    public HandedExecsTests() => handed = new(SomeExec.Origin, time);

    DateTimeOffset Now => time.GetUtcNow();

    [Fact]
    public void WhatIsHandedOverIsThere()
    {
        Assert.NotNull(Take(SomeExec.Handover(Now, Now, SomeExec.Event(Now))));

        Assert.Single(handed.Of("shop", "cart-0"));
        Assert.Empty(handed.Of("shop", "cart-1"));
    }

    [Fact]
    public void AnOldOneChangesNothing()
    {
        var first = SomeExec.Handover(Now, Now, SomeExec.Event(Now));
        Take(first);

        Assert.Null(Take(first));
        Assert.Null(Take(first with { Sequence = first.Sequence - 1, Execs = [SomeExec.Event(Now, "mallory")] }));
        time.Advance(TimeSpan.FromMinutes(3));
        Assert.Null(Take(first with { Sequence = first.Sequence + 1 }));
        Assert.Equal("alice", Assert.Single(handed.Of("shop", "cart-0")).UserIdentity.UserName);
    }

    [Fact]
    public void OneOfTheFutureChangesNothing() => Assert.Null(Take(SomeExec.Handover(Now.AddMinutes(2), Now)));

    [Fact]
    public void AnEventOfTheFutureIsRefusedAndTheOthersAreTaken()
    {
        Take(SomeExec.Handover(
            Now, Now, SomeExec.Event(Now.AddSeconds(61), "mallory"), SomeExec.Event(DateTimeOffset.MaxValue, "max"), SomeExec.Event(Now)));

        Assert.Equal("alice", Assert.Single(handed.Of("shop", "cart-0")).UserIdentity.UserName);
        Assert.Equal(2, handed.Refused);
    }

    [Fact]
    public void OneForAnotherAgentChangesNothing()
    {
        Assert.Null(Take(SomeExec.Handover(Now, Now) with { Node = "worker-2" }));
        Assert.Null(Take(SomeExec.Handover(Now, Now) with { Trail = "other" }));
    }

    [Fact]
    public void WhileAnOperatorHandsOverNobodyElseDoes()
    {
        Take(SomeExec.Handover(Now, Now));
        time.Advance(TimeSpan.FromSeconds(59));
        var other = SomeExec.Handover(Now, Now, SomeExec.Event(Now, "mallory")) with { OperatorKey = "another" };
        Assert.Null(Take(other));

        time.Advance(TimeSpan.FromSeconds(2));

        // A new leader's clock may be behind that of the one before.
        Assert.NotNull(Take(other with { Sequence = 1 }));
    }

    [Fact]
    public void ItIsBounded()
    {
        for (var at = 0; at < 50; at++)
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            Take(SomeExec.Handover(Now, Now, [.. Enumerable.Range(0, 100).Select(one => SomeExec.Event(Now, $"user-{at}-{one}"))]));
        }

        Assert.Equal(HandedExecs.Most, handed.Of("shop", "cart-0").Count);
        Assert.Contains(handed.Of("shop", "cart-0"), one => one.UserIdentity.UserName == "user-49-99");
    }

    [Fact]
    public void OldEventsAreForgotten()
    {
        Take(SomeExec.Handover(Now, Now, SomeExec.Event(Now)));
        time.Advance(TimeSpan.FromMinutes(6));
        Take(SomeExec.Handover(Now, Now));

        Assert.Empty(handed.Of("shop", "cart-0"));
    }

    [Fact]
    public void OnlyPodsThatWereAskedForAreTaken()
    {
        var pod = new NamedPod { Namespace = "shop", Pod = "cart-0", PodUID = SomeExec.Uid };
        Take(SomeExec.Handover(Now, Now) with { Pods = [SomeExec.Commands(["a"])] });
        Assert.Null(handed.CommandsOf(pod));
        time.Advance(TimeSpan.FromSeconds(1));

        var answer = Take(SomeExec.Handover(Now, Now));

        Assert.Equal([pod], answer!.Pods);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(Take(SomeExec.Handover(Now, Now) with { Pods = [SomeExec.Commands(["a"])] })!.Pods);
        Assert.NotNull(handed.CommandsOf(pod));
    }

    [Fact]
    public void NobodyIsAskedForPodsOfLongAgo()
    {
        handed.CommandsOf(new() { Namespace = "shop", Pod = "gone", PodUID = "gone" });
        time.Advance(TimeSpan.FromSeconds(61));

        Assert.Empty(Take(SomeExec.Handover(Now, Now))!.Pods);
    }

    HandoverAnswer? Take(ExecHandover handover) => handed.Take(handover, out _);
}
